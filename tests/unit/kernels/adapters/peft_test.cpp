#include "kernels/adapters/peft.hpp"

#include "kernels/adapters/merge.hpp"
#include "kernels/adapters/module_pattern.hpp"
#include "kernels/adapters/peft_names.hpp"
#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <cmath>
#include <nlohmann/json.hpp>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;
using nlohmann::json;

json q_alone() {
  return {
      {"peft_type", "LORA"}, {"r", 2}, {"lora_alpha", 4}, {"target_modules", {"layers.0.self_attn.q_proj"}}};
}

json with(json config, const json& changes) {
  config.merge_patch(changes);
  return config;
}

result<peft_config> config_of(const json& text) {
  return peft_config::read(json_object::parse("adapter_config.json", text.dump()).value());
}

/// A config and tensors for the first layer's queries of llama-gqa, to be spoilt.
struct q_adapter : scratch {
  q_adapter()
      : scratch("run_peft") {}

  void tensor(const std::string& name, std::vector<std::uint64_t> shape) {
    std::uint64_t count = 1;
    for (const auto extent : shape)
      count *= extent;
    std::erase_if(tensors, [&name](const tensor_source& one) { return one.name == name; });
    tensors.push_back(f32_tensor(name, std::move(shape), std::vector<float>(count, 0.5f)));
  }

  result<adapter> read(const json& config) const {
    const auto read_config = config_of(config);
    if (!read_config)
      return fail(read_config);
    BOOST_REQUIRE(write_safetensors(in("a"), tensors).has_value());
    return read_peft_adapter("a", *read_config, open_safetensors(in("a")).value(), shape);
  }
  std::string problem(const json& config) const { return problem_of(read(config)); }

  const std::string q = "base_model.model.model.layers.0.self_attn.q_proj";
  model_shape shape = open_hf_config(golden_folder("llama-gqa/model")).value();
  std::vector<tensor_source> tensors{f32_tensor(q + ".lora_A.weight", {2, 64}, std::vector<float>(128, 1)),
                                     f32_tensor(q + ".lora_B.weight", {64, 2}, std::vector<float>(128, 1))};
};

struct refusal {
  const char* changes;
  const char* says;
};

std::ostream& operator<<(std::ostream& out, const refusal& r) { return out << r.changes; }

const std::vector<refusal> refusals{
    {R"({"peft_type": "IA3"})", "adapters of type IA3"},
    {R"({"peft_type": null})", "no \"peft_type\""},
    {R"({"use_dora": true})", "DoRA"},
    {R"({"bias": "all"})", "\"bias\": \"all\""},
    {R"({"modules_to_save": ["lm_head"]})", "modules_to_save"},
    {R"({"lora_bias": true})", "lora_bias"},
    {R"({"layer_replication": [[0, 1]]})", "layer_replication"},
    {R"({"trainable_token_indices": [1]})", "trainable_token_indices"},
    {R"({"alora_invocation_tokens": [1, 2]})", "aLoRA"},
    {R"({"use_qalora": true})", "QALoRA"},
    {R"({"r": 0})", "a rank (\"r\") of 0"},
    {R"({"r": "x"})", "\"r\" is not a whole number"},
    {R"({"target_modules": "("})", "is not understood"},
    {R"({"target_modules": "(?!x).*"})", "is not understood"},
    {R"({"target_modules": [1]})", "\"target_modules\" is not a list of texts"},
    {R"({"rank_pattern": {"q_proj": 0}})", "rank that is none"},
    {R"({"rank_pattern": {"q_proj": 1.5}})", "rank that is none"},
    {R"({"rank_pattern": {"(": 2}})", "is not understood"},
    {R"({"rank_pattern": {"q_proj": 4}})", "have rank 2, the config says 4"},
    {R"({"alpha_pattern": ["q_proj"]})", "\"alpha_pattern\" is not an object"},
    {R"({"target_modules": ["v_proj"]})", "none that the adapter's config targets"},
    {R"({"target_modules": ["q_proj"]})",
     "targets model.layers.1.self_attn.q_proj, but there are no tensors"},
    {R"({"exclude_modules": ["q_proj"]})", "none that the adapter's config targets"},
    {R"({"layers_to_transform": [1]})", "none that the adapter's config targets"},
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(peft_adapters, q_adapter)

BOOST_AUTO_TEST_CASE(matrices_come_with_their_scale) {
  const auto a = read(q_alone()).value();
  BOOST_TEST(a.layers[0].query.rank == 2u);
  BOOST_TEST(a.layers[0].query.scale == 2.0f);
  BOOST_TEST(a.layers[0].key.empty());
  BOOST_TEST(a.parameters() == 256u);
}

BOOST_AUTO_TEST_CASE(patterns_decide_in_the_order_of_the_file) {
  auto config = with(q_alone(), {{"alpha_pattern", {{"q_proj", 10}}}});
  BOOST_TEST(read(config).value().layers[0].query.scale == 5.0f);
  const auto ordered = json_object::parse(
      "c",
      R"({"peft_type": "LORA", "r": 2, "target_modules": ["q_proj"], "alpha_pattern": {"self_attn.*": 6, "q_proj": 10}})");
  BOOST_TEST(peft_config::read(ordered.value()).value().scale_of("model.layers.0.self_attn.q_proj", 2) ==
             3.0f);
  BOOST_TEST(peft_config::read(ordered.value()).value().scale_of("model.layers.0.mlp.q_proj", 2) == 5.0f);
  BOOST_TEST(peft_config::read(ordered.value()).value().scale_of("model.layers.0.mlp.xq_proj", 2) == 4.0f);
}

BOOST_AUTO_TEST_CASE(rank_stabilised_scales_divide_by_the_root) {
  BOOST_TEST(read(with(q_alone(), {{"use_rslora", true}})).value().layers[0].query.scale ==
             static_cast<float>(4 / std::sqrt(2.0)));
}

BOOST_AUTO_TEST_CASE(targets_may_be_a_pattern_for_the_whole_name) {
  BOOST_TEST(read(with(q_alone(), {{"target_modules", R"(.*\.0\.self_attn\.(q|z)_proj)"}})).has_value());
  BOOST_TEST(within(problem(with(q_alone(), {{"target_modules", "q_proj"}})),
                    "none that the adapter's config targets"));
  BOOST_TEST(read(with(q_alone(), {{"target_modules", "all-linear"}})).has_value());
}

BOOST_AUTO_TEST_CASE(layers_may_be_chosen_by_number) {
  BOOST_TEST(
      read(with(q_alone(), {{"target_modules", {"q_proj"}}, {"layers_to_transform", {0}}})).has_value());
  BOOST_TEST(read(with(q_alone(), {{"target_modules", {"q_proj"}}, {"layers_to_transform", 0}})).has_value());
}

BOOST_AUTO_TEST_CASE(the_adapters_name_may_stand_in_the_tensors_names) {
  tensors[0].name = q + ".lora_A.default.weight";
  tensors[1].name = q + ".lora_B.default.weight";
  BOOST_TEST(read(q_alone()).has_value());
}

BOOST_AUTO_TEST_CASE(heads_and_embeddings_can_be_adapted) {
  tensor("base_model.model.lm_head.lora_A.weight", {2, 64});
  tensor("base_model.model.lm_head.lora_B.weight", {320, 2});
  tensor("base_model.model.model.embed_tokens.lora_embedding_A", {2, 320});
  tensor("base_model.model.model.embed_tokens.lora_embedding_B", {64, 2});
  const auto a =
      read(with(q_alone(), {{"target_modules", {"layers.0.self_attn.q_proj", "lm_head", "embed_tokens"}}}))
          .value();
  const auto model = golden_model("llama-gqa");
  const auto beside = logits_of(model, {5, 6, 7}, std::make_shared<const adapter>(a));
  const auto inside = logits_of(std::make_shared<const model_weights>(merged(*model, a)), {5, 6, 7});
  const auto base = logits_of(model, {5, 6, 7});
  float worst = 0, moved = 0, largest = 0;
  for (std::size_t i = 0; i < base.size(); ++i) {
    worst = std::max(worst, std::fabs(beside[i] - inside[i]));
    moved = std::max(moved, std::fabs(beside[i] - base[i]));
    largest = std::max(largest, std::fabs(beside[i]));
  }
  BOOST_TEST(worst < 3e-5f * largest);
  BOOST_TEST(moved > 0.1f * largest);
}

BOOST_DATA_TEST_CASE(what_we_do_not_compute_is_refused_by_name, boost::unit_test::data::make(refusals)) {
  const auto said = problem(with(q_alone(), json::parse(sample.changes)));
  BOOST_TEST(within(said, sample.says), said);
}

BOOST_AUTO_TEST_CASE(spoilt_tensors_are_named) {
  tensor(q + ".lora_A.weight", {2, 63});
  BOOST_TEST(within(problem(q_alone()), "[2, 63] and [64, 2], the model's has [64, 64]"));
  tensor(q + ".lora_A.weight", {3, 64});
  BOOST_TEST(within(problem(q_alone()), "[3, 64] and [64, 2]"));
  tensor(q + ".lora_A.weight", {128});
  BOOST_TEST(within(problem(q_alone()), "no matrix of numbers"));
  tensors.pop_back();
  BOOST_TEST(within(problem(q_alone()), "only one of its two matrices"));
}

BOOST_AUTO_TEST_CASE(strange_tensors_are_named) {
  auto own = tensors;
  tensor("base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector", {64, 1});
  BOOST_TEST(within(problem(q_alone()), "nothing is known about tensor"));
  tensors = own;
  tensor("base_model.model.model.layers.7.self_attn.q_proj.lora_A.weight", {2, 64});
  tensor("base_model.model.model.layers.7.self_attn.q_proj.lora_B.weight", {64, 2});
  BOOST_TEST(within(problem(q_alone()), "no module model.layers.7.self_attn.q_proj"));
  tensors = own;
  tensor(q + ".lora_A.default.weight", {2, 64});
  BOOST_TEST(within(problem(q_alone()), "twice"));
}

BOOST_AUTO_TEST_CASE(pickled_adapters_are_refused_with_a_hint) {
  std::ofstream(in("adapter_config.json")) << q_alone().dump();
  BOOST_TEST(
      within(problem_of(load_peft_adapter(path.string(), shape)), "adapter_model.safetensors: No such file"));
  std::ofstream(in("adapter_model.bin")) << "x";
  BOOST_TEST(within(problem_of(load_peft_adapter(path.string(), shape)), "pickled Python"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(expert_adapters)

namespace {

struct expert_case {
  model_shape shape = open_hf_config(golden_folder("mixtral-experts/model")).value();
  tensor_set tensors =
      open_safetensors(golden_folder("mixtral-experts/adapter/adapter_model.safetensors")).value();
  json config{{"peft_type", "LORA"},
              {"r", 4},
              {"lora_alpha", 8},
              {"target_modules", {"q_proj", "v_proj"}},
              {"target_parameters", {"mlp.experts.gate_up_proj", "mlp.experts.down_proj"}}};
  const std::string experts = "base_model.model.model.layers.0.mlp.experts";

  result<adapter> read() const {
    const auto read_config = config_of(config);
    return read_config ? read_peft_adapter("a", *read_config, tensors, shape) : fail(read_config);
  }
  void rename(const std::string& from, const std::string& to) {
    for (const auto* end : {".lora_A.weight", ".lora_B.weight"}) {
      const auto view = tensors.tensors.at(from + end);
      tensors.tensors.erase(from + end);
      tensors.tensors[to + end] = view;
    }
  }
  void drop(const std::string& which) {
    tensors.tensors.erase(which + ".lora_A.weight");
    tensors.tensors.erase(which + ".lora_B.weight");
  }
};

} // namespace

BOOST_FIXTURE_TEST_CASE(both_parameters_nest_and_one_does_not, expert_case) {
  const auto both = read().value();
  drop(experts);
  rename(experts + ".base_layer", experts);
  config["target_parameters"] = {"mlp.experts.gate_up_proj"};
  const auto one = read().value();
  BOOST_TEST((one.layers[0].experts[3].up.up == both.layers[0].experts[3].up.up));
  BOOST_TEST((one.layers[0].experts[3].gate.down == both.layers[0].experts[3].gate.down));
  BOOST_TEST(one.layers[0].experts[3].down.empty());
}

BOOST_FIXTURE_TEST_CASE(the_outer_one_alone_is_the_one_that_is_targeted, expert_case) {
  const auto both = read().value();
  drop(experts + ".base_layer");
  config["target_parameters"] = {"experts.down_proj"};
  BOOST_TEST((read().value().layers[0].experts[1].down.up == both.layers[0].experts[1].down.up));
  config["target_parameters"] = {"experts.gate_up_proj"};
  BOOST_TEST(within(problem_of(read()), "do not fit 4 experts of [160, 48]"));
}

BOOST_FIXTURE_TEST_CASE(the_older_name_of_the_module_means_the_same, expert_case) {
  const auto older = std::string("base_model.model.model.layers.0.block_sparse_moe.experts");
  rename(experts + ".base_layer", older + ".base_layer");
  rename(experts, older);
  config["target_parameters"] = {"block_sparse_moe.experts.gate_up_proj",
                                 "block_sparse_moe.experts.down_proj"};
  BOOST_TEST(read().has_value());
}

BOOST_FIXTURE_TEST_CASE(each_expert_may_have_matrices_of_its_own, expert_case) {
  const auto both = read().value();
  drop(experts + ".base_layer");
  drop(experts);
  config["target_parameters"] = json::array();
  config["target_modules"] = {"q_proj", "v_proj", "experts.2.w2"};
  const auto name = "base_model.model.model.layers.0.block_sparse_moe.experts.2.w2";
  const auto& down = both.layers[0].experts[2].down;
  tensors.tensors[std::string(name) + ".lora_A.weight"] = {
      dtype::f32, {4, 80}, std::as_bytes(std::span(down.down))};
  tensors.tensors[std::string(name) + ".lora_B.weight"] = {
      dtype::f32, {48, 4}, std::as_bytes(std::span(down.up))};
  const auto own = read().value();
  BOOST_TEST((own.layers[0].experts[2].down.up == down.up));
  BOOST_TEST(own.layers[0].experts[1].down.empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_targeted_must_be_there, expert_case) {
  drop(experts);
  BOOST_TEST(within(problem_of(read()), "experts.down_proj, but there are no tensors"));
}

BOOST_FIXTURE_TEST_CASE(a_dense_model_has_no_experts, expert_case) {
  shape = open_hf_config(golden_folder("llama-gqa/model")).value();
  BOOST_TEST(within(problem_of(read()), "the model has no module"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(peft_names)

BOOST_AUTO_TEST_CASE(names_of_tensors_are_taken_apart) {
  const auto read = read_peft_name("base_model.model.model.layers.0.mlp.fc1.lora_B.weight").value();
  BOOST_TEST(read.module == "model.layers.0.mlp.fc1");
  BOOST_TEST(!read.is_down);
  BOOST_TEST(read_peft_name("base_model.model.x.lora_embedding_A.default").value().is_embedding);
  BOOST_TEST(!read_peft_name("model.layers.0.lora_A.weight").has_value());
  BOOST_TEST(!read_peft_name("base_model.model.x.lora_A.a.b.weight").has_value());
  BOOST_TEST(!read_peft_name("base_model.model.x.lora_A.bias").has_value());
}

BOOST_AUTO_TEST_CASE(patterns_from_strangers_take_linear_time) {
  const auto pattern = module_pattern::compile("(a+)+b").value();
  BOOST_TEST(!pattern->matches(std::string(5'000, 'a')));
  BOOST_TEST(pattern->matches("aab"));
  BOOST_TEST(!pattern->matches("aabc"));
}

BOOST_AUTO_TEST_SUITE_END()
