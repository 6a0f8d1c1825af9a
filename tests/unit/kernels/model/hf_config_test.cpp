#include "kernels/model/hf_config.hpp"

#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;
using nlohmann::json;

json llama() {
  return json::parse(
      R"({"model_type": "llama", "hidden_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4,
    "num_key_value_heads": 2, "intermediate_size": 160, "vocab_size": 320, "max_position_embeddings": 256, "rms_norm_eps": 1e-5})");
}

json with(json config, const json& changes) {
  config.merge_patch(changes);
  return config;
}

result<model_shape> read(const json& config) {
  return read_hf_config(json_object::parse("config.json", config.dump()).value());
}

struct refusal {
  const char* changes;
  const char* says;
};

std::ostream& operator<<(std::ostream& out, const refusal& r) { return out << r.changes; }

const std::vector<refusal> refusals{
    {R"({"model_type": "gemma2"})", "models of type \"gemma2\" are not supported"},
    {R"({"hidden_act": "gelu"})", "the activation \"gelu\""},
    {R"({"rope_scaling": {"type": "dynamic", "factor": 2.0}})", "kind \"dynamic\""},
    {R"({"rope_scaling": {"rope_type": "longrope"}})", "kind \"longrope\""},
    {R"({"rope_parameters": {"full_attention": {"rope_type": "default"}}})", "differ between layers"},
    {R"({"rope_scaling": {"rope_type": "linear"}})", "no \"factor\""},
    {R"({"rope_scaling": {"rope_type": "linear", "factor": 0}})", "rope"},
    {R"({"rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 1}})",
     "ascending"},
    {R"({"partial_rotary_factor": 0.5})", "partial_rotary_factor"},
    {R"({"quantization_config": {"quant_method": "gptq"}})", "quantised by a Python library"},
    {R"({"hidden_size": null})", "no \"hidden_size\""},
    {R"({"hidden_size": "wide"})", "\"hidden_size\" is not a whole number"},
    {R"({"hidden_size": -1})", "\"hidden_size\" is not a whole number"},
    {R"({"hidden_size": 18446744073709551615})", "more than any model has"},
    {R"({"num_hidden_layers": 4000000000})", "more than any model has"},
    {R"({"num_hidden_layers": 0})", "0 is no number of layers"},
    {R"({"num_attention_heads": 0})", "0 is no number of heads"},
    {R"({"num_key_value_heads": 3})", "cannot share the keys of 3"},
    {R"({"num_key_value_heads": 0})", "0 is no number of key heads"},
    {R"({"head_dim": 15})", "cannot turn 15"},
    {R"({"head_dim": 200000})", "wider together"},
    {R"({"rms_norm_eps": -1})", "epsilon"},
    {R"({"rope_theta": 0})", "rope"},
    {R"({"model_type": "mixtral", "num_local_experts": 4, "num_experts_per_tok": 5})",
     "cannot use 5 of 4 experts"},
    {R"({"model_type": "qwen2", "use_sliding_window": true, "sliding_window": 8, "layer_types": ["full_attention"]})",
     "1 entries for 2 layers"},
    {R"({"model_type": "qwen2", "use_sliding_window": true, "sliding_window": 8, "layer_types": ["linear", "linear"]})",
     "type \"linear\""},
    {R"({"eos_token_id": ["x"]})", "\"eos_token_id\" is not a list of whole numbers"},
};

} // namespace

BOOST_AUTO_TEST_SUITE(hugging_face_configs)

BOOST_AUTO_TEST_CASE(both_spellings_of_positions_mean_the_same) {
  const auto older =
      read(with(llama(), {{"rope_theta", 5e5}, {"rope_scaling", {{"type", "linear"}, {"factor", 4.0}}}}))
          .value();
  const auto newer =
      read(with(llama(),
                {{"rope_parameters", {{"rope_theta", 5e5}, {"rope_type", "linear"}, {"factor", 4.0}}}}))
          .value();
  for (const auto& shape : {older, newer}) {
    BOOST_TEST((shape.rope.kind == rope_kind::linear));
    BOOST_TEST(shape.rope.theta == 5e5);
    BOOST_TEST(shape.rope.factor == 4.0);
    BOOST_TEST(shape.rope.dimensions == 16u);
  }
}

BOOST_AUTO_TEST_CASE(what_is_absent_has_the_meaning_of_its_family) {
  const auto shape = read(with(llama(), {{"num_key_value_heads", nullptr}})).value();
  BOOST_TEST(shape.kv_heads == 4u);
  BOOST_TEST(shape.head_size == 16u);
  BOOST_TEST(shape.rope.theta == 1e4);
  BOOST_TEST(!shape.tied_head);
  BOOST_TEST(!shape.qkv_bias);
  BOOST_TEST(read(with(llama(), {{"model_type", "mixtral"}, {"num_local_experts", 4}})).value().rope.theta ==
             1e6);
  BOOST_TEST(read(with(llama(), {{"model_type", "qwen2"}})).value().qkv_bias);
  BOOST_TEST(read(with(llama(), {{"model_type", "qwen3"}})).value().head_size == 128u);
}

BOOST_AUTO_TEST_CASE(windows_are_those_of_the_layers) {
  const auto mistral = read(with(llama(), {{"model_type", "mistral"}, {"sliding_window", 8}})).value();
  BOOST_TEST(mistral.windows == (std::vector<std::uint32_t>{8, 8}), boost::test_tools::per_element());
  const json qwen{{"model_type", "qwen2"}, {"sliding_window", 8}};
  BOOST_TEST(read(with(llama(), qwen)).value().windows[1] == 0u);
  const auto late =
      read(with(with(llama(), qwen), {{"use_sliding_window", true}, {"max_window_layers", 1}})).value();
  BOOST_TEST(late.windows == (std::vector<std::uint32_t>{0, 8}), boost::test_tools::per_element());
  const auto listed =
      read(with(with(llama(), qwen),
                {{"use_sliding_window", true}, {"layer_types", {"sliding_attention", "full_attention"}}}))
          .value();
  BOOST_TEST(listed.windows == (std::vector<std::uint32_t>{8, 0}), boost::test_tools::per_element());
  BOOST_TEST(read(with(llama(), {{"sliding_window", 8}})).value().windows[0] == 0u);
}

BOOST_AUTO_TEST_CASE(yarn_has_its_defaults_and_its_overrides) {
  const json yarn{{"rope_type", "yarn"}, {"factor", 4.0}, {"original_max_position_embeddings", 64}};
  const auto plain = read(with(llama(), {{"rope_scaling", yarn}})).value().rope;
  BOOST_TEST(plain.original_context == 64.0);
  BOOST_TEST(plain.attention_factor == 0.1 * std::log(4.0) + 1, boost::test_tools::tolerance(1e-12));
  const auto set =
      read(with(llama(), {{"rope_scaling",
                           with(yarn, {{"attention_factor", 1.5}, {"beta_fast", 16}, {"truncate", false}})}}))
          .value()
          .rope;
  BOOST_TEST(set.attention_factor == 1.5);
  BOOST_TEST(set.beta_fast == 16.0);
  BOOST_TEST(!set.truncate);
  const auto scaled =
      read(with(llama(), {{"rope_scaling", with(yarn, {{"mscale", 1.0}, {"mscale_all_dim", 1.0}})}}))
          .value()
          .rope;
  BOOST_TEST(scaled.attention_factor == 1.0);
}

BOOST_AUTO_TEST_CASE(texts_end_where_either_config_says) {
  scratch folder;
  std::ofstream(folder.in("config.json")) << with(llama(), {{"eos_token_id", 2}, {"bos_token_id", 1}}).dump();
  std::ofstream(folder.in("generation_config.json")) << R"({"eos_token_id": [2, 7, 9999]})";
  const auto shape = open_hf_config(folder.path.string()).value();
  BOOST_TEST(shape.end_tokens == (std::vector<std::uint32_t>{2, 7}), boost::test_tools::per_element());
  BOOST_TEST(shape.begin_token.value() == 1u);
}

BOOST_DATA_TEST_CASE(what_we_do_not_compute_is_refused_by_name, boost::unit_test::data::make(refusals)) {
  const auto problem = problem_of(read(with(llama(), json::parse(sample.changes))));
  BOOST_TEST(within(problem, sample.says), problem);
}

BOOST_AUTO_TEST_SUITE_END()
