#include "kernels/base/new_file.hpp"
#include "kernels/convert/convert.hpp"
#include "kernels/convert/stored_tensor.hpp"
#include "kernels/files/safetensors.hpp"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace troupe::kernels {

namespace {

using json = nlohmann::ordered_json;

json rope_of(const rope_settings& rope) {
  json out{{"rope_type", name_of(rope.kind)}, {"rope_theta", rope.theta}};
  if (rope.kind != rope_kind::plain)
    out["factor"] = rope.factor;
  if (rope.kind == rope_kind::llama3) {
    out["low_freq_factor"] = rope.low_frequency_factor;
    out["high_freq_factor"] = rope.high_frequency_factor;
  }
  if (rope.kind == rope_kind::yarn) {
    out["beta_fast"] = rope.beta_fast;
    out["beta_slow"] = rope.beta_slow;
    out["attention_factor"] = rope.attention_factor;
    out["truncate"] = rope.truncate;
  }
  if (rope.kind == rope_kind::llama3 || rope.kind == rope_kind::yarn)
    out["original_max_position_embeddings"] = static_cast<std::uint64_t>(rope.original_context);
  return out;
}

void add_family(json& out, const model_shape& shape) {
  switch (shape.of) {
  case family::llama:
    out["model_type"] = "llama";
    out["architectures"] = {"LlamaForCausalLM"};
    out["attention_bias"] = shape.qkv_bias;
    out["mlp_bias"] = shape.ffn_bias;
    break;
  case family::mistral:
    out["model_type"] = "mistral";
    out["architectures"] = {"MistralForCausalLM"};
    break;
  case family::mixtral:
    out["model_type"] = "mixtral";
    out["architectures"] = {"MixtralForCausalLM"};
    out["num_local_experts"] = shape.experts;
    out["num_experts_per_tok"] = shape.experts_used;
    break;
  case family::phi2:
    out["model_type"] = "phi";
    out["architectures"] = {"PhiForCausalLM"};
    break;
  case family::qwen2:
    out["model_type"] = "qwen2";
    out["architectures"] = {"Qwen2ForCausalLM"};
    break;
  case family::qwen3:
    out["model_type"] = "qwen3";
    out["architectures"] = {"Qwen3ForCausalLM"};
    out["attention_bias"] = shape.qkv_bias;
    break;
  }
}

/// Llama has no windows; a GGUF file that has them under that name is a Mistral.
model_shape named_family(const model_shape& shape) {
  auto named = shape;
  if (named.of == family::llama && named.windows.front() > 0)
    named.of = family::mistral;
  return named;
}

void add_windows(json& out, const model_shape& shape) {
  if (shape.of == family::mistral || shape.of == family::mixtral)
    out["sliding_window"] = shape.windows.front() > 0 ? json(shape.windows.front()) : json(nullptr);
  const auto seen = std::ranges::find_if(shape.windows, [](auto window) { return window > 0; });
  if ((shape.of != family::qwen2 && shape.of != family::qwen3) || seen == shape.windows.end())
    return;
  out["use_sliding_window"] = true;
  out["sliding_window"] = *seen;
  for (const auto window : shape.windows)
    out["layer_types"].push_back(window > 0 ? "sliding_attention" : "full_attention");
}

json config_of(const model_shape& shape, dtype type) {
  json out;
  add_family(out, shape);
  out["hidden_size"] = shape.width;
  out["num_hidden_layers"] = shape.layers;
  out["num_attention_heads"] = shape.heads;
  out["num_key_value_heads"] = shape.kv_heads;
  out["intermediate_size"] = shape.ffn_width;
  out["vocab_size"] = shape.vocabulary;
  out["max_position_embeddings"] = shape.context;
  if (!shape.is_phi())
    out["head_dim"] = shape.head_size;
  out[shape.is_phi() ? "layer_norm_eps" : "rms_norm_eps"] = shape.norm_epsilon;
  out["hidden_act"] = shape.is_phi() ? "gelu_new" : "silu";
  out["tie_word_embeddings"] = shape.tied_head;
  out["rope_parameters"] = rope_of(shape.rope);
  if (shape.is_phi())
    out["rope_parameters"]["partial_rotary_factor"] =
        static_cast<double>(shape.rope.dimensions) / shape.head_size;
  add_windows(out, shape);
  if (!shape.end_tokens.empty())
    out["eos_token_id"] = shape.end_tokens;
  if (shape.begin_token)
    out["bos_token_id"] = *shape.begin_token;
  out["dtype"] = type == dtype::f16 ? "float16" : type == dtype::bf16 ? "bfloat16" : "float32";
  return out;
}

class hf_export {
public:
  hf_export(const model_weights& model, const conversion& how)
      : model_(model)
      , shape_(model.shape)
      , how_(how) {}

  std::vector<tensor_source> tensors() {
    add("model.embed_tokens.weight", model_.embedding);
    for (std::size_t i = 0; i < model_.layers.size(); ++i)
      add_layer("model.layers." + std::to_string(i) + ".", model_.layers[i]);
    add(shape_.is_phi() ? "model.final_layernorm" : "model.norm", model_.final_norm);
    if (!shape_.tied_head)
      add("lm_head", model_.head);
    return std::move(out_);
  }

private:
  void add(const std::string& name, const matrix& weight) {
    out_.push_back(stored_matrix(name, weight, stored_type(weight, how_.type, false)));
  }

  void add(const std::string& prefix, const linear& part) {
    if (part.weight.empty())
      return;
    add(prefix + ".weight", part.weight);
    if (!part.bias.empty())
      out_.push_back(stored_numbers(prefix + ".bias", part.bias));
  }

  void add(const std::string& prefix, const norm_weights& norm) {
    if (norm.scale.empty())
      return;
    out_.push_back(stored_numbers(prefix + ".weight", norm.scale));
    if (!norm.shift.empty())
      out_.push_back(stored_numbers(prefix + ".bias", norm.shift));
  }

  void add_layer(const std::string& at, const layer_weights& layer) {
    add(at + "input_layernorm", layer.before_attention);
    add(at + "post_attention_layernorm", layer.before_ffn);
    add(at + "self_attn.q_proj", layer.query);
    add(at + "self_attn.k_proj", layer.key);
    add(at + "self_attn.v_proj", layer.value);
    add(at + (shape_.is_phi() ? "self_attn.dense" : "self_attn.o_proj"), layer.output);
    if (!layer.query_norm.empty()) {
      out_.push_back(stored_numbers(at + "self_attn.q_norm.weight", layer.query_norm));
      out_.push_back(stored_numbers(at + "self_attn.k_norm.weight", layer.key_norm));
    }
    if (layer.experts.empty())
      return add_ffn(at + "mlp.", layer.ffn);
    add(at + "block_sparse_moe.gate.weight", layer.router);
    for (std::size_t e = 0; e < layer.experts.size(); ++e) {
      const auto own = at + "block_sparse_moe.experts." + std::to_string(e) + ".";
      add(own + "w1", layer.experts[e].gate);
      add(own + "w2", layer.experts[e].down);
      add(own + "w3", layer.experts[e].up);
    }
  }

  void add_ffn(const std::string& at, const ffn_weights& ffn) {
    add(at + "gate_proj", ffn.gate);
    add(at + (shape_.is_phi() ? "fc1" : "up_proj"), ffn.up);
    add(at + (shape_.is_phi() ? "fc2" : "down_proj"), ffn.down);
  }

  const model_weights& model_;
  const model_shape& shape_;
  const conversion& how_;
  std::vector<tensor_source> out_;
};

} // namespace

result<conversion_report> write_hf_model(const model_weights& model, const conversion& how,
                                         const std::string& folder) {
  if (!model.shape.rope.divisors.empty())
    return fail(fault::refused,
                model.name + ": a config.json cannot list frequency divisors (rope_freqs.weight)");
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    return fail(fault::unavailable, "cannot make the folder " + folder + ": " + problem.message());
  const auto place = std::filesystem::path(folder);
  const auto tensors = hf_export(model, how).tensors();
  const auto written = write_safetensors((place / "model.safetensors").string(), tensors, {{"format", "pt"}});
  if (!written)
    return fail(written);
  new_file config((place / "config.json").string());
  config.write(config_of(named_family(model.shape), stored_type(model.embedding, how.type, false)).dump(2) +
               "\n");
  if (const auto done = config.commit(); !done)
    return fail(done);
  return conversion_report{tensors.size(), 0};
}

} // namespace troupe::kernels
