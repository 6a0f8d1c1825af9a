#include "kernels/model/loaders.hpp"
#include "kernels/model/memory.hpp"
#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

struct folder_of_a_model {
  model_shape shape = open_hf_config(golden_folder("llama-gqa/model")).value();
  tensor_set files = open_tensor_folder(golden_folder("llama-gqa/model")).value();

  std::string problem() const { return problem_of(load_hf_model(shape, files)); }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(loading_models, folder_of_a_model)

BOOST_AUTO_TEST_CASE(weights_have_the_shapes_of_the_config) {
  const auto model = load_hf_model(shape, files).value();
  BOOST_TEST(model.layers.size() == 2u);
  BOOST_TEST(model.layers[1].key.weight.rows() == 32u);
  BOOST_TEST(model.head.weight.rows() == 320u);
  BOOST_TEST(model.stored_bytes() > 500'000u);
}

BOOST_AUTO_TEST_CASE(weights_outlive_the_folder_they_were_read_from) {
  const auto model = load_hf_model(shape, files).value();
  files = {};
  std::vector<float> scratch(64);
  BOOST_TEST(std::isfinite(model.embedding.row(319, scratch)[63]));
}

BOOST_AUTO_TEST_CASE(a_missing_tensor_is_named) {
  files.tensors.erase("model.layers.1.mlp.up_proj.weight");
  BOOST_TEST(within(problem(), "no tensor model.layers.1.mlp.up_proj.weight"));
}

BOOST_AUTO_TEST_CASE(a_tensor_of_another_shape_is_refused) {
  files.tensors["model.norm.weight"].shape = {32, 2};
  BOOST_TEST(within(problem(), "model.norm.weight has the shape [32, 2] where [64] is needed"));
}

BOOST_AUTO_TEST_CASE(a_tensor_of_whole_numbers_is_no_weight) {
  files.tensors["model.norm.weight"].type = dtype::i32;
  BOOST_TEST(within(problem(), "holds I32"));
}

BOOST_AUTO_TEST_CASE(a_tensor_that_nothing_uses_is_refused) {
  files.tensors["model.layers.0.self_attn.q_proj.bias"] = files.tensors["model.norm.weight"];
  BOOST_TEST(within(problem(), "uses tensor model.layers.0.self_attn.q_proj.bias"));
}

BOOST_AUTO_TEST_CASE(frequencies_that_older_folders_store_are_ignored) {
  files.tensors["model.layers.0.self_attn.rotary_emb.inv_freq"] = files.tensors["model.norm.weight"];
  BOOST_TEST(load_hf_model(shape, files).has_value());
}

BOOST_AUTO_TEST_CASE(more_layers_than_the_files_have_are_missed_at_once) {
  shape.layers = 1'000;
  shape.windows.assign(1'000, 0);
  BOOST_TEST(within(problem(), "no tensor model.layers.2.input_layernorm.weight"));
}

BOOST_AUTO_TEST_CASE(a_model_that_does_not_fit_is_refused_with_the_sum) {
  const memory_need need{3ull << 30, 1ull << 30, 512ull << 20};
  BOOST_TEST(check_fits(need, need.sum()).has_value());
  const auto refused = check_fits(need, 4ull << 30);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::refused));
  BOOST_TEST(
      within(refused.error().message,
             "weights 3.0 GiB + keys and values 1.0 GiB + adapters 512.0 MiB = 4.5 GiB, available 4.0 GiB"));
}

BOOST_AUTO_TEST_CASE(memory_is_known_and_named) {
  BOOST_TEST(available_memory().value() > 1u << 20);
  BOOST_TEST(cache_bytes_per_position(shape) == 2u * 2 * 32 * 4);
  BOOST_TEST(text_of_bytes(17) == "17 B");
}

BOOST_AUTO_TEST_CASE(paths_that_are_no_model_say_so) {
  BOOST_TEST(within(problem_of(load_model("none")), "cannot open none"));
  BOOST_TEST(within(problem_of(load_model(golden_folder("llama-gqa"))), "config.json"));
  BOOST_TEST(within(problem_of(load_model(golden_folder("llama-gqa/model/config.json"))), "no GGUF file"));
}

BOOST_AUTO_TEST_SUITE_END()
