#include "kernels/convert/convert.hpp"

#include "kernels/files/dequantize.hpp"
#include "kernels/files/gguf_writer.hpp"
#include "kernels/files/quantize.hpp"
#include "kernels/model/loaders.hpp"
#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <cmath>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

const std::vector<std::string> names{"llama-gqa", "llama3-rope", "mistral-window",
                                     "mixtral",   "phi2",        "qwen2-tied"};
const std::vector<token_id> tokens{5, 17, 300, 42,  8,   8,   9,   250, 31,  77,
                                   2, 3,  4,   100, 111, 122, 133, 144, 155, 166};

std::shared_ptr<const model_weights> loaded(const std::string& path) {
  return std::make_shared<const model_weights>(load_model(path).value());
}

float worst_share(const std::vector<float>& ours, const std::vector<float>& wanted) {
  float worst = 0, largest = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    worst = std::max(worst, std::fabs(ours[i] - wanted[i]));
    largest = std::max(largest, std::fabs(wanted[i]));
  }
  return worst / largest;
}

struct converted : scratch {
  converted()
      : scratch("run_convert") {}
  std::string gguf(const std::string& name, conversion how = {}) const {
    BOOST_REQUIRE(write_gguf_model(*golden_model(name), nullptr, how, in("m.gguf")).has_value());
    return in("m.gguf");
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(conversions)

BOOST_DATA_TEST_CASE(a_gguf_file_gives_the_same_bits_with_and_without_adapter,
                     boost::unit_test::data::make(names)) {
  const converted folder;
  const auto original = golden_model(sample);
  const auto copy = loaded(folder.gguf(sample));
  const auto with = golden_adapter(sample, original->shape);
  BOOST_TEST((logits_of(copy, tokens) == logits_of(original, tokens)));
  BOOST_TEST(
      (logits_of(copy, tokens, golden_adapter(sample, copy->shape)) == logits_of(original, tokens, with)));
}

BOOST_DATA_TEST_CASE(a_folder_written_from_a_model_gives_the_same_bits, boost::unit_test::data::make(names)) {
  const converted folder;
  const auto original = golden_model(sample);
  BOOST_REQUIRE(write_hf_model(*original, {}, folder.in("out")).has_value());
  BOOST_TEST((logits_of(loaded(folder.in("out")), tokens) == logits_of(original, tokens)));
}

BOOST_DATA_TEST_CASE(fewer_bits_change_little, boost::unit_test::data::make(names)) {
  const converted folder;
  const auto wanted = logits_of(golden_model(sample), tokens);
  BOOST_TEST(worst_share(logits_of(loaded(folder.gguf(sample, {dtype::f16})), tokens), wanted) < 2e-2f);
  BOOST_TEST(worst_share(logits_of(loaded(folder.gguf(sample, {dtype::q8_0})), tokens), wanted) < 0.3f);
}

BOOST_FIXTURE_TEST_CASE(rows_in_pairs_are_really_in_pairs_in_the_file, converted) {
  const auto original = golden_model("llama-gqa");
  const auto file = gguf_file::open(gguf("llama-gqa")).value();
  const auto stored = file.tensor("blk.0.attn_q.weight").value();
  std::vector<float> scratch(64);
  const auto ninth =
      original->layers[0].query.weight.row(8, scratch); // the second half of a head of 16 begins
  BOOST_TEST(std::memcmp(ninth.data(), stored.bytes.data() + 64 * sizeof(float), 64 * sizeof(float)) == 0);
}

BOOST_FIXTURE_TEST_CASE(rows_without_whole_blocks_fall_back_and_are_counted, converted) {
  const auto report =
      write_gguf_model(*golden_model("mixtral"), nullptr, {dtype::q8_0}, in("m.gguf")).value();
  BOOST_TEST(report.fallbacks > 0u); // a width of 48 is no whole number of 32
  BOOST_TEST((gguf_file::open(in("m.gguf")).value().tensor("token_embd.weight").value().type == dtype::f16));
}

BOOST_FIXTURE_TEST_CASE(a_matrix_that_keeps_its_kind_keeps_its_bytes, converted) {
  const auto first = gguf("qwen2-tied", {dtype::q4_0});
  BOOST_REQUIRE(write_gguf_model(*loaded(first), nullptr, {}, in("n.gguf")).has_value());
  const auto before = gguf_file::open(first).value();
  const auto after = gguf_file::open(in("n.gguf")).value();
  const auto a = before.tensor("blk.1.ffn_up.weight").value();
  const auto b = after.tensor("blk.1.ffn_up.weight").value();
  BOOST_TEST((b.type == dtype::q4_0));
  BOOST_TEST(std::ranges::equal(a.bytes, b.bytes));
}

BOOST_FIXTURE_TEST_CASE(keys_of_a_vocabulary_come_along, converted) {
  gguf_writer words;
  words.set_text("tokenizer.ggml.model", "gpt2");
  words.set_texts("tokenizer.ggml.tokens", {"a", "b"});
  BOOST_REQUIRE(words.write(in("v.gguf")).has_value());
  const auto from = gguf_file::open(in("v.gguf")).value();
  BOOST_REQUIRE(write_gguf_model(*golden_model("phi2"), &from, {}, in("m.gguf")).has_value());
  const auto file = gguf_file::open(in("m.gguf")).value();
  BOOST_TEST(file.text("tokenizer.ggml.model").value() == "gpt2");
  BOOST_TEST(file.texts("tokenizer.ggml.tokens").value().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(what_a_format_cannot_say_is_refused, converted) {
  auto windows = *golden_model("qwen2-tied");
  windows.shape.windows = {0, 8};
  BOOST_TEST(within(problem_of(write_gguf_model(windows, nullptr, {}, in("m.gguf"))), "windows differ"));
  auto yarn = *golden_model("qwen2-tied");
  yarn.shape.rope.kind = rope_kind::yarn;
  yarn.shape.rope.truncate = false;
  BOOST_TEST(within(problem_of(write_gguf_model(yarn, nullptr, {}, in("m.gguf"))), "not truncated"));
  const auto divisors = load_model(gguf("llama3-rope")).value();
  BOOST_TEST(within(problem_of(write_hf_model(divisors, {}, in("out"))), "frequency divisors"));
}

BOOST_FIXTURE_TEST_CASE(yarn_and_linear_positions_survive_both_formats, converted) {
  auto yarn = *golden_model("qwen2-tied");
  yarn.shape.rope.kind = rope_kind::yarn;
  yarn.shape.rope.factor = 4;
  yarn.shape.rope.original_context = 64;
  yarn.shape.rope.attention_factor = 1.25;
  const auto wanted = logits_of(std::make_shared<const model_weights>(yarn), tokens);
  BOOST_REQUIRE(write_gguf_model(yarn, nullptr, {}, in("m.gguf")).has_value());
  BOOST_REQUIRE(write_hf_model(yarn, {}, in("out")).has_value());
  BOOST_TEST(worst_share(logits_of(loaded(in("m.gguf")), tokens), wanted) < 1e-6f);
  BOOST_TEST((logits_of(loaded(in("out")), tokens) == wanted));
  yarn.shape.rope.kind = rope_kind::linear;
  yarn.shape.rope.attention_factor = 1;
  BOOST_REQUIRE(write_gguf_model(yarn, nullptr, {}, in("m.gguf")).has_value());
  BOOST_TEST((logits_of(loaded(in("m.gguf")), tokens) ==
              logits_of(std::make_shared<const model_weights>(yarn), tokens)));
}

BOOST_AUTO_TEST_CASE(kinds_are_known_by_their_names) {
  BOOST_TEST((writable_type("q8_0").value() == dtype::q8_0));
  BOOST_TEST((writable_type("BF16").value() == dtype::bf16));
  BOOST_TEST(!writable_type("q6_k").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
