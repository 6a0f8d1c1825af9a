#include "kernels/model/hf_config.hpp"
#include "kernels/model/loaders.hpp"
#include "kernels/model/weight_reader.hpp"

namespace troupe::kernels {

namespace {

/// One layer's tensors by the names of Hugging Face folders.
class layer_reader {
public:
  layer_reader(weight_reader& read, const model_shape& shape, std::uint32_t index)
      : read_(read)
      , shape_(shape)
      , prefix_("model.layers." + std::to_string(index) + ".") {}

  layer_weights layer() {
    layer_weights out;
    const bool phi = shape_.is_phi();
    out.before_attention = read_.norm_of(prefix_ + "input_layernorm", shape_.width, phi);
    if (!phi)
      out.before_ffn = read_.norm_of(prefix_ + "post_attention_layernorm", shape_.width, false);
    attention(out);
    if (shape_.experts > 0)
      experts(out);
    else if (phi)
      plain_ffn(out);
    else
      out.ffn = gated(prefix_ + "mlp.", "gate_proj", "up_proj", "down_proj");
    return out;
  }

private:
  void attention(layer_weights& out) {
    const auto at = prefix_ + "self_attn.";
    out.query = read_.linear_of(at + "q_proj", shape_.query_width(), shape_.width, shape_.qkv_bias);
    out.key = read_.linear_of(at + "k_proj", shape_.kv_width(), shape_.width, shape_.qkv_bias);
    out.value = read_.linear_of(at + "v_proj", shape_.kv_width(), shape_.width, shape_.qkv_bias);
    const auto* output = shape_.is_phi() ? "dense" : "o_proj";
    out.output = read_.linear_of(at + output, shape_.width, shape_.query_width(), shape_.output_bias);
    if (shape_.has_qk_norm()) {
      out.query_norm = read_.numbers(at + "q_norm.weight", shape_.head_size);
      out.key_norm = read_.numbers(at + "k_norm.weight", shape_.head_size);
    }
  }

  void plain_ffn(layer_weights& out) {
    out.ffn.up = read_.linear_of(prefix_ + "mlp.fc1", shape_.ffn_width, shape_.width, true);
    out.ffn.down = read_.linear_of(prefix_ + "mlp.fc2", shape_.width, shape_.ffn_width, true);
  }

  ffn_weights gated(const std::string& at, const char* gate, const char* up, const char* down) {
    ffn_weights out;
    out.gate = read_.linear_of(at + gate, shape_.ffn_width, shape_.width, shape_.ffn_bias);
    out.up = read_.linear_of(at + up, shape_.ffn_width, shape_.width, shape_.ffn_bias);
    out.down = read_.linear_of(at + down, shape_.width, shape_.ffn_width, shape_.ffn_bias);
    return out;
  }

  void experts(layer_weights& out) {
    const auto at = prefix_ + "block_sparse_moe.";
    out.router = read_.rows(at + "gate.weight", shape_.experts, shape_.width);
    for (std::uint32_t e = 0; e < shape_.experts && !read_.failed(); ++e)
      out.experts.push_back(gated(at + "experts." + std::to_string(e) + ".", "w1", "w3", "w2"));
  }

  weight_reader& read_;
  const model_shape& shape_;
  std::string prefix_;
};

} // namespace

result<model_weights> load_hf_model(const model_shape& shape, const tensor_set& files) {
  weight_reader read(
      files.name, [&files](std::string_view name) { return files.tensor(name); },
      std::make_shared<const decltype(files.files)>(files.files));
  model_weights out;
  out.name = files.name;
  out.shape = shape;
  out.files = files.files;
  out.embedding = read.rows("model.embed_tokens.weight", shape.vocabulary, shape.width);
  for (std::uint32_t index = 0; index < shape.layers && !read.failed(); ++index)
    out.layers.push_back(layer_reader(read, shape, index).layer());
  out.final_norm =
      read.norm_of(shape.is_phi() ? "model.final_layernorm" : "model.norm", shape.width, shape.is_phi());
  if (shape.tied_head)
    out.head.weight = out.embedding;
  else
    out.head = read.linear_of("lm_head", shape.vocabulary, shape.width, shape.is_phi());
  read.refuse_leftovers(files.tensors, [&shape](std::string_view name) {
    return name.ends_with(".rotary_emb.inv_freq") || (shape.tied_head && name == "lm_head.weight");
  });
  if (read.failed())
    return tl::unexpected(read.failure());
  return out;
}

result<model_weights> load_hf_folder(const std::string& folder) {
  const auto shape = open_hf_config(folder);
  if (!shape)
    return fail(shape);
  const auto files = open_tensor_folder(folder);
  if (!files)
    return fail(files);
  return load_hf_model(*shape, *files);
}

} // namespace troupe::kernels
