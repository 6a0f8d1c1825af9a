#include "kernels/convert/convert.hpp"
#include "kernels/convert/stored_tensor.hpp"
#include "kernels/files/gguf_writer.hpp"
#include "kernels/files/quantize.hpp"
#include "kernels/model/hf_rope.hpp"
#include "kernels/model/rope.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

class gguf_export {
public:
  gguf_export(const model_weights& model, const conversion& how)
      : model_(model)
      , shape_(model.shape)
      , how_(how)
      , has_pairs_(shape_.of == family::llama || shape_.of == family::mistral || shape_.of == family::mixtral)
      , architecture_(has_pairs_ ? "llama" : name_of(shape_.of)) {}

  result<conversion_report> write(const gguf_file* keys_from, const std::string& path) {
    if (std::ranges::adjacent_find(shape_.windows, std::ranges::not_equal_to()) != shape_.windows.end())
      return fail(fault::refused,
                  model_.name + ": a GGUF file cannot say that windows differ between layers");
    add_sizes();
    if (const auto said = add_rope(); !said)
      return fail(said);
    add_vocabulary(keys_from);
    add_tensors();
    if (const auto written = out_.write(path); !written)
      return fail(written);
    return report_;
  }

private:
  std::string key(const char* end) const { return std::string(architecture_) + "." + end; }
  void count(const char* end, std::uint32_t value) { out_.set_count(key(end), value); }

  void add_sizes() {
    out_.set_text("general.architecture", architecture_);
    count("block_count", shape_.layers);
    count("context_length", shape_.context);
    count("embedding_length", shape_.width);
    count("feed_forward_length", shape_.ffn_width);
    count("attention.head_count", shape_.heads);
    count("attention.head_count_kv", shape_.kv_heads);
    count("attention.key_length", shape_.head_size);
    count("attention.value_length", shape_.head_size);
    count("vocab_size", shape_.vocabulary);
    out_.set_number(
        key(shape_.is_phi() ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"),
        static_cast<float>(shape_.norm_epsilon));
    if (shape_.experts > 0) {
      count("expert_count", shape_.experts);
      count("expert_used_count", shape_.experts_used);
    }
    if (shape_.windows.front() > 0)
      count("attention.sliding_window", shape_.windows.front());
  }

  result<done> add_rope() {
    const auto& rope = shape_.rope;
    count("rope.dimension_count", rope.dimensions);
    out_.set_number(key("rope.freq_base"), static_cast<float>(rope.theta));
    if (rope.kind == rope_kind::llama3 || !rope.divisors.empty())
      add_divisors();
    if (rope.kind != rope_kind::linear && rope.kind != rope_kind::yarn)
      return done{};
    out_.set_text(key("rope.scaling.type"), name_of(rope.kind));
    out_.set_number(key("rope.scaling.factor"), static_cast<float>(rope.factor));
    if (rope.kind == rope_kind::linear)
      return done{};
    if (!rope.truncate)
      return fail(fault::refused,
                  model_.name + ": a GGUF file cannot say that yarn positions are not truncated");
    count("rope.scaling.original_context_length", static_cast<std::uint32_t>(rope.original_context));
    out_.set_number(key("rope.scaling.attn_factor"),
                    static_cast<float>(rope.attention_factor / yarn_attention_factor(rope.factor)));
    out_.set_number(key("rope.scaling.yarn_beta_fast"), static_cast<float>(rope.beta_fast));
    out_.set_number(key("rope.scaling.yarn_beta_slow"), static_cast<float>(rope.beta_slow));
    return done{};
  }

  /// llama3 positions are written as what they divide plain frequencies by.
  void add_divisors() {
    auto plain = shape_.rope;
    plain.kind = rope_kind::plain;
    plain.divisors.clear();
    auto divisors = rope_frequencies(plain);
    const auto scaled = rope_frequencies(shape_.rope);
    std::ranges::transform(divisors, scaled, divisors.begin(), std::divides());
    add(stored_numbers("rope_freqs.weight", divisors));
  }

  void add_vocabulary(const gguf_file* keys_from) {
    out_.set_text("tokenizer.ggml.model", "no_vocab");
    if (!shape_.end_tokens.empty())
      out_.set_count("tokenizer.ggml.eos_token_id", shape_.end_tokens.front());
    if (shape_.begin_token)
      out_.set_count("tokenizer.ggml.bos_token_id", *shape_.begin_token);
    if (!keys_from)
      return;
    for (const auto& [key, value] : keys_from->metadata())
      if (key.starts_with("tokenizer.") || key == "general.name")
        out_.set(std::string(key), value);
  }

  void add(tensor_source tensor) {
    out_.add(std::move(tensor));
    ++report_.tensors;
  }

  void add(const std::string& name, const matrix& weight, row_order order = {}) {
    const auto type = stored_type(weight, how_.type, true);
    report_.fallbacks += how_.type && type != *how_.type ? 1 : 0;
    add(stored_matrix(name, weight, type, order));
  }

  void add(const std::string& prefix, const linear& part, bool turned = false) {
    if (part.weight.empty())
      return;
    const row_order order{turned && has_pairs_ ? shape_.head_size : 0};
    add(prefix + ".weight", part.weight, order);
    if (!part.bias.empty()) {
      const matrix column(part.bias.size(), 1, part.bias);
      auto bias = stored_matrix(prefix + ".bias", column, dtype::f32, order);
      bias.shape = {part.bias.size()};
      add(std::move(bias));
    }
  }

  void add(const std::string& prefix, const norm_weights& norm) {
    if (norm.scale.empty())
      return;
    add(stored_numbers(prefix + ".weight", norm.scale));
    if (!norm.shift.empty())
      add(stored_numbers(prefix + ".bias", norm.shift));
  }

  void add_tensors() {
    add("token_embd.weight", model_.embedding);
    for (std::size_t i = 0; i < model_.layers.size(); ++i)
      add_layer("blk." + std::to_string(i) + ".", model_.layers[i]);
    add("output_norm", model_.final_norm);
    if (!shape_.tied_head)
      add("output", model_.head);
  }

  void add_layer(const std::string& at, const layer_weights& layer) {
    add(at + "attn_norm", layer.before_attention);
    add(at + "attn_q", layer.query, true);
    add(at + "attn_k", layer.key, true);
    add(at + "attn_v", layer.value);
    if (!layer.query_norm.empty()) {
      add(stored_numbers(at + "attn_q_norm.weight", layer.query_norm));
      add(stored_numbers(at + "attn_k_norm.weight", layer.key_norm));
    }
    add(at + "attn_output", layer.output);
    add(at + "ffn_norm", layer.before_ffn);
    if (!layer.experts.empty())
      return add_experts(at, layer);
    add(at + "ffn_gate", layer.ffn.gate);
    add(at + "ffn_up", layer.ffn.up);
    add(at + "ffn_down", layer.ffn.down);
  }

  void add_experts(const std::string& at, const layer_weights& layer) {
    add(stored_matrix(at + "ffn_gate_inp.weight", layer.router, dtype::f32));
    const auto stack = [&](const char* name, linear ffn_weights::*which) {
      std::vector<matrix> all;
      for (const auto& expert : layer.experts)
        all.push_back((expert.*which).weight);
      const auto type = stored_type(all.front(), how_.type, true);
      report_.fallbacks += how_.type && type != *how_.type ? 1 : 0;
      add(stored_stack(at + name, all, type));
    };
    stack("ffn_gate_exps.weight", &ffn_weights::gate);
    stack("ffn_up_exps.weight", &ffn_weights::up);
    stack("ffn_down_exps.weight", &ffn_weights::down);
  }

  const model_weights& model_;
  const model_shape& shape_;
  const conversion& how_;
  bool has_pairs_;
  std::string_view architecture_;
  gguf_writer out_;
  conversion_report report_;
};

} // namespace

result<conversion_report> write_gguf_model(const model_weights& model, const gguf_file* keys_from,
                                           const conversion& how, const std::string& path) {
  return gguf_export(model, how).write(keys_from, path);
}

std::optional<dtype> writable_type(std::string_view name) {
  for (const auto type : {dtype::f32, dtype::f16, dtype::bf16, dtype::q8_0, dtype::q4_0})
    if (std::ranges::equal(name, name_of(type), {},
                           [](char c) { return static_cast<char>(std::toupper(c)); }))
      return type;
  return std::nullopt;
}

} // namespace troupe::kernels
