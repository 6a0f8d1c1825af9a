#include "tests/unit/cli/cli_fixture.hpp"

#include <fstream>
#include <iterator>

using namespace troupe;
using test::cli_fixture;

namespace {

std::string golden(const std::string& name) {
  return std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/" + name;
}

const auto model = golden("llama-gqa/model");
const auto poet = golden("llama-gqa/adapter");

bool within(const std::ostringstream& text, const std::string& part) {
  return text.str().find(part) != std::string::npos;
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The same folder with another golden.json beside it would do; a changed figure is the shortest way to a
/// case that is not met.
void copy_with_another_figure(const std::string& from, const std::string& to) {
  std::filesystem::copy(from, to, std::filesystem::copy_options::recursive);
  auto bytes = contents(to + "/golden.safetensors");
  const auto at = bytes.find("base.greedy.1");
  bytes.replace(at, 13, "base.greedy.2"); // the tokens of prompt 2 after prompt 1
  bytes.replace(bytes.find("base.greedy.2", at + 13), 13, "base.greedy.1");
  std::ofstream(to + "/golden.safetensors", std::ios::binary) << bytes;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(local_models, cli_fixture)

BOOST_AUTO_TEST_CASE(a_golden_case_is_met) {
  BOOST_TEST(troupe({"model", "check", golden("phi2"), "-o", "json"}) == 0);
  BOOST_TEST(document()["met"] == true);
  BOOST_TEST(document()["cases"][0]["case"] == "phi2");
  BOOST_TEST(document()["cases"][0]["items"].size() == 17u);
}

BOOST_AUTO_TEST_CASE(a_golden_case_is_met_at_serving_precision_too) {
  BOOST_TEST(troupe({"model", "check", golden("mixtral"), "--precision", "serving", "-o", "json"}) == 0);
  BOOST_TEST(document()["cases"][0]["items"][1]["name"] == "base.next");
}

BOOST_AUTO_TEST_CASE(a_case_that_is_not_met_is_exit_6) {
  copy_with_another_figure(golden("phi2"), file("other"));
  BOOST_TEST(troupe({"model", "check", file("other")}) == 6);
  BOOST_TEST(within(out, "NOT MET"));
}

BOOST_AUTO_TEST_CASE(sequences_of_one_batch_are_those_alone) {
  BOOST_TEST(troupe({"model", "generate", model, "--adapter", "none", "--adapter", poet, "--ids", "5,6,7",
                     "--max", "6", "-o", "json"}) == 0);
  const auto both = document()["sequences"];
  out.str("");
  BOOST_TEST(troupe({"model", "generate", model, "--adapter", poet, "--ids", "5,6,7", "--max", "6", "-o",
                     "json"}) == 0);
  BOOST_TEST(both.size() == 2u);
  BOOST_TEST(both[1] == document()["sequences"][0]);
  BOOST_TEST(both[0]["ids"] != both[1]["ids"]);
  BOOST_TEST(both[0]["finish"] == "length");
  BOOST_TEST(both[0]["prompt_ids"].size() == 3u);
}

BOOST_AUTO_TEST_CASE(prompts_are_paired_with_adapters_by_position) {
  BOOST_TEST(troupe({"model", "generate", model, "--adapter", "none", "--adapter", poet, "--ids", "5",
                     "--ids", "6", "--max", "1", "-o", "json"}) == 0);
  BOOST_TEST(document()["sequences"][1]["prompt_ids"] == nlohmann::json({6}));
  BOOST_TEST(troupe({"model", "generate", model, "--adapter", "none", "--adapter", poet, "--ids", "5",
                     "--ids", "6", "--ids", "7"}) == 2);
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_text_again) {
  const std::vector<std::string> words{"model", "generate",      model, "--ids",  "5", "--max",
                                       "8",     "--temperature", "1.5", "--seed", "4"};
  BOOST_TEST(troupe(words) == 0);
  const auto first = out.str();
  out.str("");
  BOOST_TEST(troupe(words) == 0);
  BOOST_TEST(out.str() == first);
}

BOOST_AUTO_TEST_CASE(a_prompt_is_encoded_and_the_answer_decoded) {
  BOOST_TEST(troupe({"model", "generate", model, "--prompt", "A lead", "--max", "3", "-o", "json"}) == 0);
  const auto made = document()["sequences"][0];
  BOOST_TEST(made["prompt_ids"].size() > 1u);
  BOOST_TEST(made["prompt_ids"][0] == 0); // BOS, as its tokenizer says
  BOOST_TEST(made["ids"].size() == 3u);
  BOOST_TEST(made["text"].get<std::string>() != "");
  BOOST_TEST(troupe({"model", "generate", model}) == 2);
  BOOST_TEST(troupe({"model", "generate", model, "--prompt", "A", "--ids", "5"}) == 2);
}

BOOST_AUTO_TEST_CASE(logits_are_written_as_a_tensor) {
  write("ids", "[5, 6]\n");
  BOOST_TEST(
      troupe({"model", "logits", model, "--adapter", poet, "--ids", "@ids", "--out", "l.safetensors"}) == 0);
  BOOST_TEST(contents(file("l.safetensors")).find(R"("logits":{"dtype":"F32","shape":[2,320])") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_a_model_is_can_be_seen) {
  BOOST_TEST(troupe({"model", "inspect", golden("mixtral/model"), "-o", "json"}) == 0);
  BOOST_TEST(document()["family"] == "mixtral");
  BOOST_TEST(document()["memory"]["cache_per_position"] == 2 * 2 * 24 * 4);
  out.str("");
  BOOST_TEST(troupe({"model", "inspect", golden("mixtral/model")}) == 0);
  BOOST_TEST(within(out, "4, 2 for each token"));
}

BOOST_AUTO_TEST_CASE(wrong_words_say_what_is_wrong) {
  BOOST_TEST(troupe({"model", "logits", "none", "--ids", "1", "--out", "l"}) == 4);
  BOOST_TEST(troupe({"model", "logits", model, "--ids", "1,x", "--out", "l"}) == 2);
  BOOST_TEST(within(err, "\"x\" is no token id"));
  BOOST_TEST(troupe({"model", "logits", model, "--ids", "320", "--out", "l"}) == 2);
  BOOST_TEST(troupe({"model", "logits", model, "--ids", "", "--out", "l"}) == 2);
  BOOST_TEST(troupe({"model", "logits", model, "--ids", "1", "--out", "none/l"}) == 3);
  BOOST_TEST(troupe({"model", "check", golden("none")}) == 4);
}

BOOST_AUTO_TEST_SUITE_END()
