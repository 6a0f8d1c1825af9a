#include "kernels/adapters/gguf_adapter.hpp"
#include "kernels/convert/convert.hpp"
#include "kernels/files/gguf_writer.hpp"
#include "kernels/files/quantize.hpp"
#include "kernels/model/loaders.hpp"
#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <functional>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

const std::vector<token_id> tokens{5, 17, 300, 42, 8, 8, 9, 250};

tensor_source copy_of(const std::string& name, const tensor_view& view) {
  return {name, view.type, view.shape, [view]() -> result<std::vector<std::byte>> {
            return std::vector<std::byte>(view.bytes.begin(), view.bytes.end());
          }};
}

/// A golden model as a GGUF file, rewritten with changes.
struct rewritten : scratch {
  rewritten()
      : scratch("run_gguf_model") {}

  gguf_file original(const std::string& name) const {
    BOOST_REQUIRE(write_gguf_model(*golden_model(name), nullptr, {}, in("from.gguf")).has_value());
    return gguf_file::open(in("from.gguf")).value();
  }

  /// Copies what `keep` says, then lets `change` add.
  result<model_weights> load(const gguf_file& from, const std::function<bool(std::string_view)>& keep,
                             const std::function<void(gguf_writer&)>& change) const {
    gguf_writer out;
    for (const auto& [key, value] : from.metadata())
      if (keep(key))
        out.set(std::string(key), value);
    for (const auto& [name, entry] : from.tensors())
      if (keep(name))
        out.add(copy_of(std::string(name), entry.view));
    change(out);
    BOOST_REQUIRE(out.write(in("to.gguf")).has_value());
    return load_gguf_model(gguf_file::open(in("to.gguf")).value());
  }

  std::string problem(const std::string& name, const std::string& without,
                      const std::function<void(gguf_writer&)>& change) const {
    return problem_of(load(
        original(name), [&](std::string_view key) { return key != without; }, change));
  }
};

std::vector<std::byte> joined(const std::vector<tensor_view>& parts) {
  std::vector<std::byte> all;
  for (const auto& part : parts)
    all.insert(all.end(), part.bytes.begin(), part.bytes.end());
  return all;
}

tensor_source stack_of(const std::string& name, const std::vector<tensor_view>& parts,
                       std::vector<std::uint64_t> shape) {
  return {name, dtype::f32, std::move(shape),
          [bytes = joined(parts)]() -> result<std::vector<std::byte>> { return bytes; }};
}

const auto nothing = [](gguf_writer&) {};

} // namespace

BOOST_FIXTURE_TEST_SUITE(gguf_models, rewritten)

BOOST_AUTO_TEST_CASE(fused_queries_keys_and_values_are_taken_apart) {
  const auto from = original("phi2");
  const auto t = [&from](const std::string& name) { return from.tensor(name).value(); };
  const auto fused = load(
      from,
      [](std::string_view key) {
        return key.find("attn_q.") == key.npos && key.find("attn_k.") == key.npos &&
               key.find("attn_v.") == key.npos;
      },
      [&](gguf_writer& out) {
        for (const std::string at : {"blk.0.", "blk.1."}) {
          out.add(stack_of(at + "attn_qkv.weight",
                           {t(at + "attn_q.weight"), t(at + "attn_k.weight"), t(at + "attn_v.weight")},
                           {192, 64}));
          out.add(stack_of(at + "attn_qkv.bias",
                           {t(at + "attn_q.bias"), t(at + "attn_k.bias"), t(at + "attn_v.bias")}, {192}));
        }
      });
  BOOST_REQUIRE_EQUAL(problem_of(fused), "no problem");
  const auto model = std::make_shared<const model_weights>(*fused);
  const auto with = golden_adapter("phi2", model->shape);
  BOOST_TEST((logits_of(model, tokens, with) == logits_of(golden_model("phi2"), tokens, with)));
}

BOOST_AUTO_TEST_CASE(experts_may_be_one_tensor_each) {
  const auto from = original("mixtral");
  const auto apart = load(
      from, [](std::string_view key) { return key.find("_exps") == key.npos; },
      [&from](gguf_writer& out) {
        for (const auto& [name, entry] : from.tensors()) {
          const auto at = name.find("_exps");
          for (std::uint64_t e = 0; at != name.npos && e < entry.view.shape[0]; ++e) {
            const auto size = entry.view.bytes.size() / entry.view.shape[0];
            const tensor_view one{dtype::f32,
                                  {entry.view.shape[1], entry.view.shape[2]},
                                  entry.view.bytes.subspan(e * size, size)};
            out.add(copy_of(std::string(name.substr(0, at)) + "." + std::to_string(e) + ".weight", one));
          }
        }
      });
  BOOST_REQUIRE_EQUAL(problem_of(apart), "no problem");
  BOOST_TEST((logits_of(std::make_shared<const model_weights>(*apart), tokens) ==
              logits_of(golden_model("mixtral"), tokens)));
}

BOOST_AUTO_TEST_CASE(spoilt_files_are_refused_by_name) {
  BOOST_TEST(within(problem("phi2", "", [](gguf_writer& w) { w.set_text("general.architecture", "mamba"); }),
                    "architecture \"mamba\""));
  BOOST_TEST(within(problem("phi2", "general.architecture", nothing), "no key general.architecture"));
  BOOST_TEST(within(problem("phi2", "phi2.block_count", nothing), "no key phi2.block_count"));
  BOOST_TEST(
      within(problem("phi2", "", [](gguf_writer& w) { w.set_text("phi2.block_count", "2"); }), "holds text"));
  BOOST_TEST(within(problem("phi2", "", [](gguf_writer& w) { w.set_count("phi2.block_count", 3); }),
                    "no tensor blk.2."));
  BOOST_TEST(within(problem("phi2", "", [](gguf_writer& w) { w.set_count("phi2.block_count", 1); }),
                    "uses tensor blk.1."));
  BOOST_TEST(
      within(problem("phi2", "", [](gguf_writer& w) { w.set_count("phi2.block_count", 4'000'000'000u); }),
             "more than any model has"));
  BOOST_TEST(within(problem("phi2", "", [](gguf_writer& w) { w.set_count("phi2.embedding_length", 128); }),
                    "where [320, 128] is needed"));
  BOOST_TEST(within(problem("phi2", "", [](gguf_writer& w) { w.set_count("phi2.attention.head_count", 0); }),
                    "number of heads"));
  BOOST_TEST(
      within(problem("phi2", "", [](gguf_writer& w) { w.set_count("phi2.attention.value_length", 8); }),
             "different sizes"));
  BOOST_TEST(
      within(problem("phi2", "", [](gguf_writer& w) { w.set_text("phi2.rope.scaling.type", "longrope"); }),
             "kind \"longrope\""));
  BOOST_TEST(within(problem("phi2", "",
                            [](gguf_writer& w) {
                              w.set_count("phi2.expert_count", 8);
                              w.set_count("phi2.expert_used_count", 2);
                            }),
                    "experts"));
  BOOST_TEST(within(problem("phi2", "token_embd.weight", nothing), "no embedding"));
  BOOST_TEST(within(problem("phi2", "output_norm.weight", nothing), "no tensor output_norm.weight"));
  BOOST_TEST(within(problem("llama3-rope", "rope_freqs.weight",
                            [](gguf_writer& w) {
                              w.add(f32_tensor("rope_freqs.weight", {3}, {1, 1, 1}));
                            }),
                    "do not fit its heads"));
  BOOST_TEST(
      within(problem("llama-gqa", "", [](gguf_writer& w) { w.set_count("llama.rope.dimension_count", 8); }),
             "phi2 alone"));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

std::vector<float> ramp(std::size_t count, float step) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i)
    values[i] = step * static_cast<float>(i % 13) - 0.1f;
  return values;
}

struct gguf_lora : scratch {
  gguf_lora()
      : scratch("run_gguf_lora") {
    out.set_text("general.type", "adapter");
    out.set_text("adapter.type", "lora");
    out.set_text("general.architecture", "llama");
    out.set_number("adapter.lora.alpha", 4);
  }
  void pair(const std::string& tensor, std::uint64_t rows, std::uint64_t columns, std::uint64_t rank = 2) {
    out.add(f32_tensor(tensor + ".weight.lora_a", {rank, columns}, ramp(rank * columns, 0.01f)));
    out.add(f32_tensor(tensor + ".weight.lora_b", {rows, rank}, ramp(rank * rows, 0.02f)));
  }
  result<adapter> read(const std::string& model) {
    BOOST_REQUIRE(out.write(in("a.gguf")).has_value());
    return load_adapter(in("a.gguf"), open_hf_config(golden_folder(model + "/model")).value());
  }
  gguf_writer out;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(gguf_adapters, gguf_lora)

BOOST_AUTO_TEST_CASE(rows_of_queries_and_keys_come_out_in_order_and_others_as_they_are) {
  pair("blk.0.attn_q", 64, 64);
  pair("blk.0.attn_v", 32, 64);
  const auto read_back = read("llama-gqa").value();
  const auto& q = read_back.layers[0].query;
  BOOST_TEST(q.scale == 2.0f);
  BOOST_TEST(q.up[1 * 2] == ramp(128, 0.02f)[2 * 2]); // row 1 lies third in its head
  BOOST_TEST(q.up[8 * 2] == ramp(128, 0.02f)[1 * 2]); // the second half begins second
  BOOST_TEST((read_back.layers[0].value.up == ramp(64, 0.02f)));
}

BOOST_AUTO_TEST_CASE(an_alpha_of_zero_means_a_scale_of_one) {
  out.set_number("adapter.lora.alpha", 0);
  pair("blk.1.ffn_down", 64, 160);
  BOOST_TEST(read("llama-gqa").value().layers[1].ffn.down.scale == 1.0f);
}

BOOST_AUTO_TEST_CASE(fused_adapters_are_taken_apart) {
  out.set_text("general.architecture", "phi2");
  pair("blk.0.attn_qkv", 192, 64);
  const auto a = read("phi2").value();
  BOOST_TEST((a.layers[0].key.down == a.layers[0].query.down));
  BOOST_TEST(a.layers[0].key.up[0] == ramp(384, 0.02f)[128]);
  BOOST_TEST(a.layers[0].value.up[127] == ramp(384, 0.02f)[383]);
}

BOOST_AUTO_TEST_CASE(stacked_experts_have_their_parts) {
  out.add(f32_tensor("blk.0.ffn_up_exps.weight.lora_a", {4, 2, 48}, ramp(384, 0.01f)));
  out.add(f32_tensor("blk.0.ffn_up_exps.weight.lora_b", {4, 80, 2}, ramp(640, 0.02f)));
  const auto a = read("mixtral").value();
  BOOST_TEST(a.layers[0].experts[3].up.down[0] == ramp(384, 0.01f)[288]);
  BOOST_TEST(a.layers[0].experts[1].gate.empty());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused_by_name) {
  BOOST_TEST(within(problem_of(read("phi2")), "an adapter for llama, the model is of family phi2"));
  pair("blk.0.attn_q", 64, 32);
  BOOST_TEST(within(problem_of(read("llama-gqa")), "[2, 32] and [64, 2], the model's has [64, 64]"));
}

BOOST_AUTO_TEST_CASE(strange_tensors_are_named) {
  pair("blk.9.attn_q", 64, 64);
  BOOST_TEST(within(problem_of(read("llama-gqa")), "nothing that blk.9.attn_q could change"));
}

BOOST_AUTO_TEST_CASE(half_a_pair_is_none) {
  out.add(f32_tensor("blk.0.attn_q.weight.lora_a", {2, 64}, ramp(128, 0.01f)));
  BOOST_TEST(within(problem_of(read("llama-gqa")), "only one of its two matrices"));
}

BOOST_AUTO_TEST_CASE(a_model_is_no_adapter) {
  out.set_text("general.type", "model");
  BOOST_TEST(within(problem_of(read("llama-gqa")), "no LoRA adapter"));
}

BOOST_AUTO_TEST_SUITE_END()
