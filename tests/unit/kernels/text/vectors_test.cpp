// Every id of the public vectors, for every vocabulary that lies there.
#include "kernels/tokenizer/read.hpp"
#include "kernels/unicode/utf8.hpp"
#include "tests/unit/kernels/text/shared_data.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace troupe::kernels {
namespace {

using namespace testing;
namespace utf = boost::unit_test;

struct has_data {
  boost::test_tools::assertion_result operator()(utf::test_unit_id) const {
    return shared_data_present("tokenizers");
  }
};

tokenizer opened(const std::filesystem::path& path) {
  auto read = open_tokenizer(path.string());
  BOOST_REQUIRE_MESSAGE(read.has_value(), read.error().message);
  return std::move(*read);
}

std::vector<token_id> encoded(const tokenizer& with, const std::string& text) {
  auto ids = with.encode(text, {with.special_in_text(), false});
  BOOST_REQUIRE_MESSAGE(ids.has_value(), ids.error().message);
  return std::move(*ids);
}

/// Feeds the ids one by one; each piece must be whole characters.
std::string streamed(const tokenizer& with, const std::vector<token_id>& ids) {
  detokenizer out(with, with.special_in_text());
  std::string text;
  for (const auto id : ids) {
    const auto piece = out.next(id);
    BOOST_REQUIRE(unicode::first_invalid(piece) == std::string::npos);
    text += piece;
  }
  return text + out.finish();
}

std::vector<std::string> texts_of(const std::filesystem::path& path) {
  const std::string mark = "\n__ggml_vocab_test__\n";
  auto all = read_all(path);
  std::vector<std::string> texts;
  for (auto at = all.find(mark); at != std::string::npos; at = all.find(mark)) {
    texts.push_back(all.substr(0, at));
    all.erase(0, at + mark.size());
  }
  return texts;
}

std::vector<std::vector<token_id>> ids_of(const std::filesystem::path& path) {
  std::vector<std::vector<token_id>> all;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    all.emplace_back(std::istream_iterator<token_id>(words), std::istream_iterator<token_id>());
  }
  return all;
}

void check_vectors(const std::filesystem::path& vocabulary) {
  const auto with = opened(vocabulary);
  const auto texts = texts_of(vocabulary.string() + ".inp");
  const auto ids = ids_of(vocabulary.string() + ".out");
  BOOST_REQUIRE(texts.size() >= 46u);
  BOOST_REQUIRE(ids.size() >= texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto mine = encoded(with, texts[i]);
    BOOST_TEST(mine == ids[i], vocabulary << " text " << i << ": " << texts[i]);
    BOOST_TEST(streamed(with, mine) == with.decode(mine, with.special_in_text()));
  }
}

/// `restored`: decoding gives the text back, which normal forms and unknown characters prevent.
void check_rows(const std::filesystem::path& vocabulary, const std::filesystem::path& rows, bool restored) {
  const auto with = opened(vocabulary);
  for (const auto& row : read_rows(rows)) {
    const auto text = row.at("text").get<std::string>();
    const auto mine = encoded(with, text);
    BOOST_TEST(mine == row.at("ids").get<std::vector<token_id>>(), vocabulary << ": " << row.dump());
    const auto back = streamed(with, mine);
    BOOST_TEST(back == with.decode(mine, with.special_in_text()));
    if (restored)
      BOOST_TEST(back == text);
  }
}

std::filesystem::path in_tokenizers(const std::string& name) { return shared_data("tokenizers") / name; }

BOOST_AUTO_TEST_SUITE(token_vectors, *utf::precondition(has_data{}))

BOOST_DATA_TEST_CASE(published_vocabularies, utf::data::make(std::vector<std::string>{
                                                 "llama-spm.gguf", "gpt-2.gguf", "deepseek-coder.gguf"})) {
  check_vectors(in_tokenizers(sample));
}

BOOST_DATA_TEST_CASE(random_texts_on_published_vocabularies,
                     utf::data::make(std::vector<std::string>{"llama-spm", "gpt-2"})) {
  check_rows(in_tokenizers(sample + ".gguf"), in_tokenizers("random/" + sample + ".jsonl"), true);
}

BOOST_DATA_TEST_CASE(random_texts_on_made_vocabularies,
                     utf::data::make(std::vector<std::string>{"made-llama3", "made-gpt2"})) {
  check_rows(in_tokenizers("random/" + sample + ".tokenizer.json"),
             in_tokenizers("random/" + sample + ".jsonl"), true);
}

// Behind a special token the pipeline puts a space, which decoding cannot tell from one of the text.
BOOST_AUTO_TEST_CASE(random_texts_with_a_space_behind_special_tokens) {
  check_rows(in_tokenizers("random/made-spm.tokenizer.json"), in_tokenizers("random/made-spm.jsonl"), false);
}

BOOST_AUTO_TEST_CASE(random_texts_that_are_composed_first) {
  check_rows(in_tokenizers("random/made-qwen2.tokenizer.json"), in_tokenizers("random/made-qwen2.jsonl"),
             false);
}

BOOST_AUTO_TEST_CASE(random_texts_on_a_sentencepiece_model) {
  check_rows(in_tokenizers("random/made-sentencepiece.model"),
             in_tokenizers("random/made-sentencepiece.jsonl"), true);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::kernels
