#include "kernels/model/gguf_config.hpp"

#include "kernels/files/dequantize.hpp"
#include "kernels/model/hf_rope.hpp"

#include <array>
#include <limits>

namespace troupe::kernels {

namespace {

struct architecture {
  std::string_view name;
  family of;
};

constexpr std::array<architecture, 4> architectures{
    {{"llama", family::llama}, {"phi2", family::phi2}, {"qwen2", family::qwen2}, {"qwen3", family::qwen3}}};

/// Reads one key after another into a shape and keeps the first error.
class key_reader {
public:
  explicit key_reader(const gguf_file& file)
      : file_(file)
      , name_(file.file()->path()) {}

  result<model_shape> read() {
    read_architecture();
    if (!failed_)
      read_sizes();
    if (!failed_)
      read_rope();
    if (!failed_)
      read_rest();
    if (failed_)
      return tl::unexpected(*failed_);
    if (const auto sound = check_shape(name_, shape_); !sound)
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
      failed_ = error{fault::refused, name_ + ": " + std::move(what), std::move(hint)};
  }

  std::string key(std::string_view end) const { return prefix_ + "." + std::string(end); }
  bool has(std::string_view end) const { return file_.has(key(end)); }

  std::uint32_t size(std::string_view end) {
    const auto value = kept<std::uint64_t>(file_.count(key(end)), 0);
    if (value > std::numeric_limits<std::uint32_t>::max())
      refuse("\"" + key(end) + "\" is " + std::to_string(value) + ", more than any model has");
    return static_cast<std::uint32_t>(value);
  }
  std::uint32_t size_or(std::string_view end, std::uint32_t otherwise) {
    return has(end) ? size(end) : otherwise;
  }
  double number_or(std::string_view end, double otherwise) {
    return has(end) ? kept(file_.number(key(end)), otherwise) : otherwise;
  }

  void read_architecture() {
    const auto name = std::string(kept(file_.text("general.architecture"), std::string_view()));
    const auto* found = std::find_if(architectures.begin(), architectures.end(),
                                     [&name](const architecture& known) { return known.name == name; });
    if (found == architectures.end())
      return refuse("models of architecture \"" + name + "\" are not supported",
                    "llama (with Mistral and Mixtral), phi2, qwen2 and qwen3 are");
    shape_.of = found->of;
    prefix_ = name;
  }

  void read_sizes() {
    shape_.layers = size("block_count");
    shape_.width = size("embedding_length");
    shape_.heads = size("attention.head_count");
    shape_.kv_heads = size_or("attention.head_count_kv", shape_.heads);
    shape_.head_size = size_or("attention.key_length", shape_.width / std::max(shape_.heads, 1u));
    if (size_or("attention.value_length", shape_.head_size) != shape_.head_size)
      refuse("keys and values of different sizes are not supported");
    shape_.ffn_width = size("feed_forward_length");
    shape_.context = size("context_length");
    shape_.experts = size_or("expert_count", 0);
    shape_.experts_used = shape_.experts > 0 ? size("expert_used_count") : 0;
    if (shape_.experts > 0 && shape_.of != family::llama)
      refuse("experts are supported for the architecture llama (Mixtral) alone");
    if (shape_.experts > 0)
      shape_.of = family::mixtral;
    const auto* epsilon =
        shape_.is_phi() ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon";
    shape_.norm_epsilon = kept(file_.number(key(epsilon)), 1e-5);
    read_vocabulary();
    if (shape_.layers > 1'024)
      return refuse(std::to_string(shape_.layers) + " layers are more than any model has");
    shape_.windows.assign(shape_.layers, size_or("attention.sliding_window", 0));
  }

  /// The embedding has a row for each token, those that only pad it included.
  void read_vocabulary() {
    const auto embedding = file_.tensor("token_embd.weight");
    if (!embedding || embedding->shape.size() != 2)
      return refuse("there is no embedding (token_embd.weight) with rows and columns");
    shape_.vocabulary = static_cast<std::uint32_t>(std::min<std::uint64_t>(embedding->shape[0], 0xffffffffu));
  }

  void read_rope() {
    auto& rope = shape_.rope;
    rope.theta = number_or("rope.freq_base", 10'000);
    rope.dimensions = size_or("rope.dimension_count", shape_.head_size);
    if (rope.dimensions != shape_.head_size && !shape_.is_phi())
      refuse("positions that turn part of a head are supported for phi2 alone");
    const auto kind =
        has("rope.scaling.type") ? kept(file_.text(key("rope.scaling.type")), std::string_view()) : "none";
    if (kind == "linear" || kind == "yarn")
      read_scaling(kind == "yarn");
    else if (kind != "none")
      refuse("positions of kind \"" + std::string(kind) + "\" are not supported",
             "none, linear and yarn are");
    if (file_.tensors().contains("rope_freqs.weight"))
      read_divisors();
    if (file_.tensors().contains("rope_factors_long.weight"))
      refuse("positions of kind \"longrope\" are not supported");
  }

  void read_scaling(bool yarn) {
    auto& rope = shape_.rope;
    rope.kind = yarn ? rope_kind::yarn : rope_kind::linear;
    rope.factor = kept(file_.number(key("rope.scaling.factor")), 1.0);
    if (!yarn)
      return;
    rope.original_context = number_or("rope.scaling.original_context_length", shape_.context);
    rope.beta_fast = number_or("rope.scaling.yarn_beta_fast", 32);
    rope.beta_slow = number_or("rope.scaling.yarn_beta_slow", 1);
    rope.attention_factor = number_or("rope.scaling.attn_factor", 1) * yarn_attention_factor(rope.factor);
  }

  /// llama3 positions come as one divisor for each frequency.
  void read_divisors() {
    const auto tensor = file_.tensor("rope_freqs.weight");
    if (!tensor || !is_weight(tensor->type) || tensor->elements() != shape_.rope.dimensions / 2)
      return refuse("its frequency divisors (rope_freqs.weight) do not fit its heads");
    shape_.rope.divisors.resize(static_cast<std::size_t>(tensor->elements()));
    dequantize(tensor->type, tensor->bytes, shape_.rope.divisors);
  }

  void read_rest() {
    shape_.tied_head = !file_.tensors().contains("output.weight");
    const bool biased = file_.tensors().contains("blk.0.attn_q.bias");
    shape_.qkv_bias = shape_.is_phi() || shape_.of == family::qwen2 || biased;
    shape_.output_bias = file_.tensors().contains("blk.0.attn_output.bias");
    shape_.ffn_bias = file_.tensors().contains("blk.0.ffn_down.bias");
    for (const auto* which : {"tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id"})
      if (const auto token = file_.count(which); token && *token < shape_.vocabulary)
        shape_.end_tokens.push_back(static_cast<std::uint32_t>(*token));
    if (const auto token = file_.count("tokenizer.ggml.bos_token_id"); token && *token < shape_.vocabulary)
      shape_.begin_token = static_cast<std::uint32_t>(*token);
  }

  const gguf_file& file_;
  std::string name_;
  std::string prefix_;
  model_shape shape_;
  std::optional<error> failed_;
};

} // namespace

result<model_shape> read_gguf_config(const gguf_file& file) { return key_reader(file).read(); }

} // namespace troupe::kernels
