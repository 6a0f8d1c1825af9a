#include "kernels/model/gguf_config.hpp"
#include "kernels/model/loaders.hpp"
#include "kernels/model/weight_reader.hpp"

#include <filesystem>

namespace troupe::kernels {

namespace {

/// One layer's tensors by the names of GGUF files.
class layer_reader {
public:
  layer_reader(weight_reader& read, const gguf_file& file, const model_shape& shape, std::uint32_t index)
      : read_(read)
      , file_(file)
      , shape_(shape)
      , prefix_("blk." + std::to_string(index) + ".") {}

  layer_weights layer() {
    layer_weights out;
    const bool phi = shape_.is_phi();
    out.before_attention = read_.norm_of(prefix_ + "attn_norm", shape_.width, phi);
    if (!phi)
      out.before_ffn = read_.norm_of(prefix_ + "ffn_norm", shape_.width, false);
    if (has("attn_qkv.weight"))
      fused_attention(out);
    else
      attention(out);
    out.output =
        read_.linear_of(prefix_ + "attn_output", shape_.width, shape_.query_width(), shape_.output_bias);
    if (shape_.experts > 0)
      experts(out);
    else
      out.ffn = dense_ffn();
    return out;
  }

private:
  bool has(const std::string& end) const { return file_.tensors().contains(prefix_ + end); }

  /// Files of the llama architecture have the rows of queries and keys in pairs.
  bool has_paired_rows() const {
    return shape_.of == family::llama || shape_.of == family::mistral || shape_.of == family::mixtral;
  }

  void attention(layer_weights& out) {
    out.query = read_.linear_of(prefix_ + "attn_q", shape_.query_width(), shape_.width, shape_.qkv_bias);
    out.key = read_.linear_of(prefix_ + "attn_k", shape_.kv_width(), shape_.width, shape_.qkv_bias);
    out.value = read_.linear_of(prefix_ + "attn_v", shape_.kv_width(), shape_.width, shape_.qkv_bias);
    if (shape_.has_qk_norm()) {
      out.query_norm = read_.numbers(prefix_ + "attn_q_norm.weight", shape_.head_size);
      out.key_norm = read_.numbers(prefix_ + "attn_k_norm.weight", shape_.head_size);
    }
    if (has_paired_rows() && !read_.failed()) {
      out.query = halves_apart(out.query);
      out.key = halves_apart(out.key);
    }
  }

  linear halves_apart(const linear& paired) const {
    linear apart{paired.weight.with_halves_apart(shape_.head_size), paired.bias};
    for (std::size_t row = 0; row < apart.bias.size(); ++row)
      apart.bias[row] = paired.bias[static_cast<std::size_t>(paired_row(row, shape_.head_size))];
    return apart;
  }

  /// Queries, keys and values one below the other in one tensor.
  void fused_attention(layer_weights& out) {
    const std::uint64_t query = shape_.query_width();
    const std::uint64_t key = shape_.kv_width();
    const auto all = read_.linear_of(prefix_ + "attn_qkv", query + 2 * key, shape_.width, shape_.qkv_bias);
    if (has_paired_rows())
      read_.fail_with({fault::refused, "a fused attn_qkv tensor is supported for phi2 and qwen alone", {}});
    if (read_.failed())
      return;
    out.query = part(all, 0, query);
    out.key = part(all, query, key);
    out.value = part(all, query + key, key);
  }

  static linear part(const linear& all, std::uint64_t first, std::uint64_t count) {
    linear out{all.weight.rows_between(first, count), {}};
    const auto begin = all.bias.begin() + static_cast<std::ptrdiff_t>(first);
    if (!all.bias.empty())
      out.bias.assign(begin, begin + static_cast<std::ptrdiff_t>(count));
    return out;
  }

  ffn_weights dense_ffn() {
    ffn_weights out;
    if (!shape_.is_phi())
      out.gate = read_.linear_of(prefix_ + "ffn_gate", shape_.ffn_width, shape_.width, shape_.ffn_bias);
    out.up = read_.linear_of(prefix_ + "ffn_up", shape_.ffn_width, shape_.width, shape_.ffn_bias);
    out.down = read_.linear_of(prefix_ + "ffn_down", shape_.width, shape_.ffn_width, shape_.ffn_bias);
    return out;
  }

  void experts(layer_weights& out) {
    out.router = read_.rows(prefix_ + "ffn_gate_inp.weight", shape_.experts, shape_.width);
    if (has("ffn_gate.0.weight"))
      return separate_experts(out);
    const auto gate =
        read_.stacked(prefix_ + "ffn_gate_exps.weight", shape_.experts, shape_.ffn_width, shape_.width);
    const auto up =
        read_.stacked(prefix_ + "ffn_up_exps.weight", shape_.experts, shape_.ffn_width, shape_.width);
    const auto down =
        read_.stacked(prefix_ + "ffn_down_exps.weight", shape_.experts, shape_.width, shape_.ffn_width);
    for (std::uint64_t e = 0; e < shape_.experts && !read_.failed(); ++e)
      out.experts.push_back({{gate.rows_between(e * shape_.ffn_width, shape_.ffn_width), {}},
                             {up.rows_between(e * shape_.ffn_width, shape_.ffn_width), {}},
                             {down.rows_between(e * shape_.width, shape_.width), {}}});
  }

  /// Files from before experts were stacked.
  void separate_experts(layer_weights& out) {
    for (std::uint32_t e = 0; e < shape_.experts && !read_.failed(); ++e) {
      const auto end = "." + std::to_string(e) + ".weight";
      out.experts.push_back({{read_.rows(prefix_ + "ffn_gate" + end, shape_.ffn_width, shape_.width), {}},
                             {read_.rows(prefix_ + "ffn_up" + end, shape_.ffn_width, shape_.width), {}},
                             {read_.rows(prefix_ + "ffn_down" + end, shape_.width, shape_.ffn_width), {}}});
    }
  }

  weight_reader& read_;
  const gguf_file& file_;
  const model_shape& shape_;
  std::string prefix_;
};

} // namespace

result<model_weights> load_gguf_model(const gguf_file& file) {
  const auto shape = read_gguf_config(file);
  if (!shape)
    return fail(shape);
  weight_reader read(
      file.file()->path(), [&file](std::string_view name) { return file.tensor(name); }, file.file());
  model_weights out;
  out.name = file.file()->path();
  out.shape = *shape;
  out.files = {file.file()};
  out.embedding = read.rows("token_embd.weight", shape->vocabulary, shape->width);
  for (std::uint32_t index = 0; index < shape->layers && !read.failed(); ++index)
    out.layers.push_back(layer_reader(read, file, *shape, index).layer());
  out.final_norm = read.norm_of("output_norm", shape->width, shape->is_phi());
  if (shape->tied_head)
    out.head.weight = out.embedding;
  else
    out.head = read.linear_of("output", shape->vocabulary, shape->width, shape->is_phi());
  read.refuse_leftovers(file.tensors(), [](std::string_view name) { return name == "rope_freqs.weight"; });
  if (read.failed())
    return tl::unexpected(read.failure());
  return out;
}

result<model_weights> load_model(const std::string& path) {
  std::error_code ignored; // what cannot be opened is said when it is opened
  if (std::filesystem::is_directory(path, ignored))
    return load_hf_folder(path);
  const auto file = gguf_file::open(path);
  if (!file)
    return fail(file);
  return load_gguf_model(*file);
}

void model_weights::let_go() const noexcept {
  for (const auto& file : files)
    file->release(file->bytes());
}

std::uint64_t model_weights::stored_bytes() const {
  const auto of_ffn = [](const ffn_weights& ffn) {
    return ffn.gate.weight.stored_bytes() + ffn.up.weight.stored_bytes() + ffn.down.weight.stored_bytes();
  };
  auto sum = embedding.stored_bytes() + (shape.tied_head ? 0 : head.weight.stored_bytes());
  for (const auto& layer : layers) {
    for (const auto* part : {&layer.query, &layer.key, &layer.value, &layer.output})
      sum += part->weight.stored_bytes();
    sum += of_ffn(layer.ffn) + layer.router.stored_bytes();
    for (const auto& expert : layer.experts)
      sum += of_ffn(expert);
  }
  return sum;
}

} // namespace troupe::kernels
