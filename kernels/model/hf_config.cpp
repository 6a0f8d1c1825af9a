#include "kernels/model/hf_config.hpp"

#include "kernels/model/hf_rope.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <limits>

namespace troupe::kernels {

namespace {

constexpr std::size_t config_bytes_max = 1u << 20; // real ones have a few KiB

struct family_entry {
  std::string_view model_type;
  family of;
};

constexpr std::array<family_entry, 6> families{{{"llama", family::llama},
                                                {"mistral", family::mistral},
                                                {"mixtral", family::mixtral},
                                                {"phi", family::phi2},
                                                {"qwen2", family::qwen2},
                                                {"qwen3", family::qwen3}}};

/// Reads one key after another into a shape and keeps the first error.
class config_reader {
public:
  explicit config_reader(const json_object& config)
      : config_(config) {}

  result<model_shape> read() {
    read_family();
    read_sizes();
    read_biases();
    read_activation();
    read_tokens();
    read_rope();
    read_windows();
    refuse_features();
    if (failed_)
      return tl::unexpected(*failed_);
    if (const auto sound = check_shape(config_.name(), shape_); !sound)
      return fail(sound);
    return shape_;
  }

private:
  template<class T>
  T kept(const result<T>& read, T otherwise) {
    if (read)
      return *read;
    if (!failed_)
      failed_ = read.error();
    return otherwise;
  }

  void refuse(std::string what, std::string hint = {}) {
    if (!failed_)
      failed_ = error{fault::refused, config_.name() + ": " + std::move(what), std::move(hint)};
  }

  std::uint32_t size_of(const result<std::uint64_t>& read, std::string_view key) {
    const auto value = kept<std::uint64_t>(read, 0);
    if (value > std::numeric_limits<std::uint32_t>::max())
      refuse("\"" + std::string(key) + "\" is " + std::to_string(value) + ", more than any model has");
    return static_cast<std::uint32_t>(value);
  }
  std::uint32_t size(std::string_view key) { return size_of(config_.count(key), key); }
  std::uint32_t size_or(std::string_view key, std::uint32_t otherwise) {
    return size_of(config_.count_or(key, otherwise), key);
  }
  bool flag_or(std::string_view key, bool otherwise) {
    return kept(config_.flag_or(key, otherwise), otherwise);
  }

  void read_family() {
    const auto type = kept(config_.text("model_type"), std::string());
    const auto* found = std::ranges::find(families, type, &family_entry::model_type);
    if (found == families.end())
      return refuse("models of type \"" + type + "\" are not supported",
                    "llama, mistral, mixtral, phi (Phi-2), qwen2 and qwen3 are");
    shape_.of = found->of;
  }

  void read_sizes() {
    shape_.layers = size("num_hidden_layers");
    shape_.width = size("hidden_size");
    shape_.heads = size("num_attention_heads");
    shape_.kv_heads = size_or("num_key_value_heads", shape_.heads);
    const auto usual = shape_.of == family::qwen3 ? 128 : shape_.width / std::max(shape_.heads, 1u);
    shape_.head_size = size_or("head_dim", usual);
    shape_.ffn_width = size("intermediate_size");
    shape_.vocabulary = size("vocab_size");
    shape_.context = size("max_position_embeddings");
    const auto* epsilon = shape_.is_phi() ? "layer_norm_eps" : "rms_norm_eps";
    shape_.norm_epsilon = kept(config_.number_or(epsilon, shape_.is_phi() ? 1e-5 : 1e-6), 1e-6);
    if (shape_.of == family::mixtral) {
      shape_.experts = size("num_local_experts");
      shape_.experts_used = size_or("num_experts_per_tok", 2);
    }
    shape_.tied_head = flag_or("tie_word_embeddings", false);
  }

  void read_biases() {
    const bool always = shape_.is_phi();
    const bool listed =
        flag_or("attention_bias", false) && (shape_.of == family::llama || shape_.of == family::qwen3);
    shape_.qkv_bias = always || listed || shape_.of == family::qwen2;
    shape_.output_bias = always || listed;
    shape_.ffn_bias = always || (flag_or("mlp_bias", false) && shape_.of == family::llama);
  }

  void read_activation() {
    const auto wanted = std::string(shape_.is_phi() ? "gelu_new" : "silu");
    const auto given = kept(config_.text_or("hidden_act", wanted), wanted);
    if (given != wanted && !(shape_.is_phi() && given == "gelu_pytorch_tanh"))
      refuse("the activation \"" + given + "\" is not supported for this family", wanted + " is");
  }

  void read_tokens() {
    if (config_.holds_list("eos_token_id"))
      for (const auto token : kept(config_.counts("eos_token_id"), {}))
        shape_.end_tokens.push_back(size_of(token, "eos_token_id"));
    else if (config_.has("eos_token_id"))
      shape_.end_tokens.push_back(size("eos_token_id"));
    if (config_.has("bos_token_id"))
      shape_.begin_token = size("bos_token_id");
  }

  void read_rope() { shape_.rope = kept(read_hf_rope(config_, shape_), {}); }

  void read_windows() {
    if (failed_ || shape_.layers > 1'024)
      return refuse(std::to_string(shape_.layers) + " layers are more than any model has");
    const bool may = shape_.of != family::llama && !shape_.is_phi();
    const bool qwen = shape_.of == family::qwen2 || shape_.of == family::qwen3;
    const auto window =
        may && (!qwen || flag_or("use_sliding_window", false)) ? size_or("sliding_window", 0) : 0;
    shape_.windows.assign(shape_.layers, window);
    if (window == 0 || !qwen)
      return;
    if (config_.has("layer_types"))
      return read_layer_types();
    const auto whole =
        std::min(size_or("max_window_layers", 28), shape_.layers); // the first ones see everything
    std::fill_n(shape_.windows.begin(), whole, 0u);
  }

  void read_layer_types() {
    const auto types = kept(config_.texts("layer_types"), {});
    if (types.size() != shape_.layers)
      return refuse("\"layer_types\" has " + std::to_string(types.size()) + " entries for " +
                    std::to_string(shape_.layers) + " layers");
    for (std::size_t layer = 0; layer < types.size(); ++layer) {
      if (types[layer] == "full_attention")
        shape_.windows[layer] = 0;
      else if (types[layer] != "sliding_attention")
        refuse("layers of type \"" + types[layer] + "\" are not supported");
    }
  }

  void refuse_features() {
    if (config_.says_something("quantization_config"))
      refuse("weights quantised by a Python library are not supported",
             "use the original model, or a GGUF file");
    if (flag_or("qk_layernorm", false))
      refuse("\"qk_layernorm\" is not supported");
  }

  const json_object& config_;
  model_shape shape_;
  std::optional<error> failed_;
};

/// generation_config.json may name more tokens that end a text than config.json does.
result<done> add_end_tokens(const std::string& path, model_shape& shape) {
  std::error_code ignored; // without the file there is nothing to add
  if (!std::filesystem::exists(path, ignored))
    return done{};
  const auto about = json_object::open(path, config_bytes_max);
  if (!about)
    return fail(about);
  std::vector<std::uint64_t> tokens;
  if (about->holds_list("eos_token_id")) {
    const auto listed = about->counts("eos_token_id");
    if (!listed)
      return fail(listed);
    tokens = *listed;
  } else if (about->has("eos_token_id")) {
    const auto one = about->count("eos_token_id");
    if (!one)
      return fail(one);
    tokens.push_back(*one);
  }
  for (const auto token : tokens)
    if (token < shape.vocabulary && std::ranges::find(shape.end_tokens, token) == shape.end_tokens.end())
      shape.end_tokens.push_back(static_cast<std::uint32_t>(token));
  return done{};
}

} // namespace

result<model_shape> read_hf_config(const json_object& config) { return config_reader(config).read(); }

result<model_shape> open_hf_config(const std::string& folder) {
  const auto place = std::filesystem::path(folder);
  const auto config = json_object::open((place / "config.json").string(), config_bytes_max);
  if (!config)
    return fail(config);
  auto shape = read_hf_config(*config);
  if (!shape)
    return shape;
  if (const auto added = add_end_tokens((place / "generation_config.json").string(), *shape); !added)
    return fail(added);
  return shape;
}

} // namespace troupe::kernels
