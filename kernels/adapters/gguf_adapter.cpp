#include "kernels/adapters/gguf_adapter.hpp"

#include "kernels/adapters/peft.hpp"
#include "kernels/adapters/slots.hpp"
#include "kernels/files/dequantize.hpp"
#include "kernels/model/matrix.hpp"

#include <array>
#include <filesystem>
#include <map>
#include <optional>

namespace troupe::kernels {

namespace {

struct name_pair {
  std::string_view gguf;
  std::string_view module; // behind "model.layers.N."
};

constexpr std::array<name_pair, 11> dense_names{{{"attn_q", "self_attn.q_proj"},
                                                 {"attn_k", "self_attn.k_proj"},
                                                 {"attn_v", "self_attn.v_proj"},
                                                 {"attn_output", "self_attn.o_proj"},
                                                 {"attn_output", "self_attn.dense"},
                                                 {"ffn_gate", "mlp.gate_proj"},
                                                 {"ffn_up", "mlp.up_proj"},
                                                 {"ffn_up", "mlp.fc1"},
                                                 {"ffn_down", "mlp.down_proj"},
                                                 {"ffn_down", "mlp.fc2"},
                                                 {"ffn_gate_inp", "block_sparse_moe.gate"}}};

constexpr std::array<name_pair, 3> expert_names{
    {{"ffn_gate_exps", "w1"}, {"ffn_down_exps", "w2"}, {"ffn_up_exps", "w3"}}};

struct pair_of_tensors {
  std::optional<tensor_view> down;
  std::optional<tensor_view> up;
};

class gguf_adapter_reader {
public:
  gguf_adapter_reader(const gguf_file& file, const model_shape& shape)
      : file_(file)
      , shape_(shape)
      , out_(empty_adapter(file.file()->path(), shape))
      , slots_(slots_of(out_, shape)) {}

  result<adapter> read() {
    if (const auto known = check_kind(); !known)
      return fail(known);
    if (const auto paired = collect(); !paired)
      return fail(paired);
    for (const auto& [tensor, pair] : pairs_)
      if (const auto taken = take(tensor, pair); !taken)
        return fail(taken);
    return std::move(out_);
  }

private:
  tl::unexpected<error> broken(const std::string& what) const {
    return fail(fault::corrupt, out_.name + ": " + what);
  }

  result<done> check_kind() {
    const auto type = file_.text("general.type");
    const auto kind = file_.text("adapter.type");
    if (!type || *type != "adapter" || !kind || *kind != "lora")
      return fail(fault::invalid, out_.name + " is no LoRA adapter",
                  "general.type is adapter and adapter.type is lora in one");
    const auto architecture = file_.text("general.architecture");
    if (!architecture)
      return fail(architecture);
    const bool llama =
        shape_.of == family::llama || shape_.of == family::mistral || shape_.of == family::mixtral;
    if (*architecture != (llama ? "llama" : name_of(shape_.of)))
      return fail(fault::invalid, out_.name + " is an adapter for " + std::string(*architecture) +
                                      ", the model is of family " + std::string(name_of(shape_.of)));
    if (file_.has("adapter.alora.invocation_tokens"))
      return fail(fault::refused, out_.name + ": activation by tokens (aLoRA) is not supported");
    has_pairs_ = llama;
    const auto alpha = file_.number("adapter.lora.alpha");
    if (!alpha)
      return fail(alpha);
    alpha_ = *alpha;
    return done{};
  }

  result<done> collect() {
    for (const auto& [name, entry] : file_.tensors()) {
      const bool down = name.ends_with(".weight.lora_a");
      if (!down && !name.ends_with(".weight.lora_b"))
        return fail(fault::refused, out_.name + ": nothing is known about tensor " + std::string(name));
      const auto tensor = file_.tensor(name);
      if (!tensor)
        return fail(tensor);
      if (!is_weight(tensor->type))
        return broken("tensor " + std::string(name) + " holds no weights");
      auto& pair =
          pairs_[std::string(name.substr(0, name.size() - std::string_view(".weight.lora_a").size()))];
      (down ? pair.down : pair.up) = *tensor;
    }
    return done{};
  }

  result<done> take(const std::string& tensor, const pair_of_tensors& pair) {
    if (!pair.down || !pair.up)
      return broken(tensor + " has only one of its two matrices");
    if (tensor == "output")
      return fill(slots_.at("lm_head"), tensor, pair);
    const auto end = tensor.rfind('.');
    if (!tensor.starts_with("blk.") || end <= 4)
      return no_module(tensor);
    const auto prefix = "model.layers." + tensor.substr(4, end - 4) + ".";
    const auto which = std::string_view(tensor).substr(end + 1);
    if (which == "attn_qkv")
      return take_fused(prefix, tensor, pair);
    for (const auto& [gguf, module] : expert_names)
      if (which == gguf)
        return take_experts(prefix, module, tensor, pair);
    for (const auto& [gguf, module] : dense_names)
      if (const auto found = slots_.find(prefix + std::string(module));
          which == gguf && found != slots_.end())
        return fill(found->second, tensor, pair, which == "attn_q" || which == "attn_k");
    return no_module(tensor);
  }

  tl::unexpected<error> no_module(const std::string& tensor) const {
    return fail(fault::refused, out_.name + ": the model has nothing that " + tensor + " could change");
  }

  result<lora> read_pair(const slot& into, const std::string& tensor, const pair_of_tensors& pair) const {
    const auto& a = pair.down->shape;
    const auto& b = pair.up->shape;
    if (a.size() != 2 || b.size() != 2 || a[1] != into.columns || b[0] != into.rows || a[0] != b[1] ||
        a[0] == 0)
      return broken("the matrices of " + tensor + " have the shapes " + text_of_shape(a) + " and " +
                    text_of_shape(b) + ", the model's has " +
                    text_of_shape(std::vector<std::uint64_t>{into.rows, into.columns}));
    lora read{static_cast<std::uint32_t>(a[0]), into.rows, into.columns, 1, {}, {}};
    if (alpha_ != 0)
      read.scale = static_cast<float>(alpha_ / static_cast<double>(read.rank));
    read.down.resize(static_cast<std::size_t>(pair.down->elements()));
    read.up.resize(static_cast<std::size_t>(pair.up->elements()));
    dequantize(pair.down->type, pair.down->bytes, read.down);
    dequantize(pair.up->type, pair.up->bytes, read.up);
    return read;
  }

  result<done> fill(const slot& into, const std::string& tensor, const pair_of_tensors& pair,
                    bool turned = false) {
    auto read = read_pair(into, tensor, pair);
    if (!read)
      return fail(read);
    *into.into = turned && has_pairs_ ? halves_apart(*read) : std::move(*read);
    return done{};
  }

  lora halves_apart(const lora& paired) const {
    auto apart = paired;
    for (std::size_t row = 0; row < paired.rows; ++row) {
      const auto from = static_cast<std::size_t>(paired_row(row, shape_.head_size));
      std::copy_n(paired.up.begin() + static_cast<std::ptrdiff_t>(from * paired.rank), paired.rank,
                  apart.up.begin() + static_cast<std::ptrdiff_t>(row * paired.rank));
    }
    return apart;
  }

  /// Queries, keys and values share A; B's rows are theirs one below the other.
  result<done> take_fused(const std::string& prefix, const std::string& tensor, const pair_of_tensors& pair) {
    const auto query = slots_.find(prefix + "self_attn.q_proj");
    if (has_pairs_ || query == slots_.end())
      return no_module(tensor);
    const auto width = shape_.query_width() + 2 * shape_.kv_width();
    const auto all = read_pair({nullptr, width, shape_.width}, tensor, pair);
    if (!all)
      return fail(all);
    std::size_t first = 0;
    for (const auto* module : {"self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"}) {
      const auto& into = slots_.at(prefix + module);
      const auto begin = all->up.begin() + static_cast<std::ptrdiff_t>(first * all->rank);
      *into.into = {
          all->rank,    into.rows,
          into.columns, all->scale,
          all->down,    {begin, begin + static_cast<std::ptrdiff_t>(std::size_t{into.rows} * all->rank)}};
      first += into.rows;
    }
    return done{};
  }

  result<done> take_experts(const std::string& prefix, std::string_view module, const std::string& tensor,
                            const pair_of_tensors& pair) {
    if (pair.down->shape.size() != 3 || pair.up->shape.size() != 3 || pair.down->shape[0] != shape_.experts ||
        pair.up->shape[0] != shape_.experts || shape_.experts == 0)
      return broken("the matrices of " + tensor + " are not stacked for " + std::to_string(shape_.experts) +
                    " experts");
    for (std::uint32_t e = 0; e < shape_.experts; ++e) {
      const auto found =
          slots_.find(prefix + "block_sparse_moe.experts." + std::to_string(e) + "." + std::string(module));
      if (found == slots_.end())
        return no_module(tensor);
      if (auto filled = fill(found->second, tensor, {part(*pair.down, e), part(*pair.up, e)}); !filled)
        return filled;
    }
    return done{};
  }

  static tensor_view part(const tensor_view& stacked, std::uint32_t index) {
    const auto size = stacked.bytes.size() / stacked.shape[0];
    return {stacked.type, {stacked.shape[1], stacked.shape[2]}, stacked.bytes.subspan(index * size, size)};
  }

  const gguf_file& file_;
  const model_shape& shape_;
  adapter out_;
  std::map<std::string, slot, std::less<>> slots_;
  std::map<std::string, pair_of_tensors> pairs_;
  double alpha_ = 0;
  bool has_pairs_ = false;
};

} // namespace

result<adapter> read_gguf_adapter(const gguf_file& file, const model_shape& shape) {
  return gguf_adapter_reader(file, shape).read();
}

result<adapter> load_adapter(const std::string& path, const model_shape& shape) {
  std::error_code ignored; // what cannot be opened is said when it is opened
  if (std::filesystem::is_directory(path, ignored))
    return load_peft_adapter(path, shape);
  const auto file = gguf_file::open(path);
  if (!file)
    return fail(file);
  return read_gguf_adapter(*file, shape);
}

} // namespace troupe::kernels
