#include "kernels/adapters/peft.hpp"

#include "kernels/adapters/peft_names.hpp"
#include "kernels/adapters/slots.hpp"
#include "kernels/files/dequantize.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <set>

namespace troupe::kernels {

namespace {

constexpr std::size_t config_bytes_max = 1u << 20; // real ones have a KiB

struct pair_of_tensors {
  std::optional<tensor_view> down;
  std::optional<tensor_view> up;
  bool is_embedding = false;
};

std::vector<float> floats_of(const tensor_view& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.elements()));
  dequantize(tensor.type, tensor.bytes, values);
  return values;
}

/// The matrices of all experts as one.
struct stacked {
  std::uint32_t rank;
  std::uint32_t columns;
  float scale;
  std::vector<float> down;
  std::vector<float> up;
};

class peft_reader {
public:
  peft_reader(std::string name, const peft_config& config, const tensor_set& tensors,
              const model_shape& shape)
      : config_(config)
      , tensors_(tensors)
      , shape_(shape)
      , out_(empty_adapter(std::move(name), shape))
      , slots_(slots_of(out_, shape)) {}

  result<adapter> read() {
    if (const auto paired = collect(); !paired)
      return fail(paired);
    for (const auto& [module, pair] : pairs_)
      if (const auto taken = take(module, pair); !taken)
        return fail(taken);
    if (const auto whole = refuse_missing(); !whole)
      return fail(whole);
    return std::move(out_);
  }

private:
  tl::unexpected<error> broken(const std::string& what) const {
    return fail(fault::corrupt, tensors_.name + ": " + what);
  }

  result<done> collect() {
    for (const auto& [name, view] : tensors_.tensors) {
      const auto read = read_peft_name(name);
      if (!read)
        return fail(fault::refused, tensors_.name + ": nothing is known about tensor " + name);
      const auto tensor = tensors_.tensor(name);
      if (!tensor)
        return fail(tensor);
      if (!is_weight(tensor->type) || tensor->shape.size() != 2)
        return broken("tensor " + name + " is no matrix of numbers");
      auto& pair = pairs_[read->module];
      auto& side = read->is_down ? pair.down : pair.up;
      if (side)
        return broken("tensor " + name + " is there twice under different names");
      side = *tensor;
      pair.is_embedding = read->is_embedding;
    }
    return done{};
  }

  result<done> take(const std::string& module, const pair_of_tensors& pair) {
    if (!pair.down || !pair.up)
      return broken("module " + module + " has only one of its two matrices");
    if (module.ends_with(".experts") || module.ends_with(".experts.base_layer"))
      return take_stacked(module, pair);
    const auto found = slots_.find(canonical_module(module, shape_));
    if (found == slots_.end())
      return fail(fault::refused, tensors_.name + ": the model has no module " + module);
    const auto target = target_of(module);
    if (!target)
      return fail(fault::refused,
                  tensors_.name + ": module " + module + " is none that the adapter's config targets");
    return fill(found->second, *target, pair);
  }

  /// The module, or the module's weight, whichever the config names: patterns of ranks go by it.
  std::optional<std::string> target_of(const std::string& module) const {
    for (const auto& name : {module, canonical_module(module, shape_)}) {
      if (config_.targets_module(name))
        return name;
      if (config_.targets_parameter(name + ".weight"))
        return name + ".weight";
    }
    return std::nullopt;
  }

  result<std::uint32_t> checked_rank(const std::string& target, std::uint64_t rank) const {
    const auto wanted = config_.rank_of(target);
    if (!wanted)
      return fail_in(tensors_.name, wanted);
    if (*wanted != rank)
      return broken("the matrices of " + target + " have rank " + std::to_string(rank) +
                    ", the config says " + std::to_string(*wanted));
    return *wanted;
  }

  result<done> fill(const slot& into, const std::string& target, const pair_of_tensors& pair) {
    const auto& down = *pair.down;
    const auto& up = *pair.up;
    if (down.shape[1] != into.columns || up.shape[0] != into.rows || down.shape[0] != up.shape[1])
      return broken("the matrices of " + target + " have the shapes " + text_of_shape(down.shape) + " and " +
                    text_of_shape(up.shape) + ", the model's has " +
                    text_of_shape(std::vector<std::uint64_t>{into.rows, into.columns}));
    const auto rank = checked_rank(target, down.shape[0]);
    if (!rank)
      return fail(rank);
    if (pair.is_embedding != target.ends_with("embed_tokens"))
      return broken("the matrices of " + target + " are of the wrong kind");
    *into.into = {*rank,           into.rows,    into.columns, config_.scale_of(target, *rank),
                  floats_of(down), floats_of(up)};
    taken_.insert(
        canonical_module(target.ends_with(".weight") ? target.substr(0, target.size() - 7) : target, shape_));
    return done{};
  }

  // Adapters of stacked experts: PEFT wraps the module once for each parameter, in the parameters' order, so
  // with both targeted the inner one (base_layer) is gate_up, and with one targeted there is no inner one.

  result<done> take_stacked(const std::string& module, const pair_of_tensors& pair) {
    constexpr std::string_view inner = ".base_layer";
    const bool is_inner = module.ends_with(inner);
    const auto experts = is_inner ? module.substr(0, module.size() - inner.size()) : module;
    const auto index = layer_of(experts);
    if (!index)
      return fail(fault::refused, tensors_.name + ": the model has no module " + module);
    const bool gate_up = config_.targets_parameter(experts + ".gate_up_proj");
    const bool down = config_.targets_parameter(experts + ".down_proj");
    if ((!gate_up && !down) || (is_inner && !(gate_up && down)))
      return fail(fault::refused,
                  tensors_.name + ": module " + module + " is none that the adapter's config targets");
    if (is_inner || !down)
      return fill_gate_up(*index, experts + ".gate_up_proj", pair);
    return fill_down(*index, experts + ".down_proj", pair);
  }

  std::optional<std::size_t> layer_of(const std::string& experts) const {
    const auto known = canonical_module(experts, shape_);
    for (std::size_t i = 0; i < out_.layers.size(); ++i)
      if (shape_.experts > 0 && known == "model.layers." + std::to_string(i) + ".block_sparse_moe.experts")
        return i;
    return std::nullopt;
  }

  result<stacked> read_stacked(const std::string& target, const pair_of_tensors& pair, std::uint64_t rows,
                               std::uint64_t columns) {
    const auto& a = pair.down->shape;
    const auto& b = pair.up->shape;
    if (a[1] != columns || b[0] != rows || a[0] != b[1] || a[0] % shape_.experts != 0 || a[0] == 0)
      return broken("the matrices of " + target + " have the shapes " + text_of_shape(a) + " and " +
                    text_of_shape(b) + ", which do not fit " + std::to_string(shape_.experts) +
                    " experts of " + text_of_shape(std::vector<std::uint64_t>{rows, columns}));
    const auto rank = checked_rank(target, a[0] / shape_.experts);
    if (!rank)
      return fail(rank);
    stacked_.insert(canonical_module(target, shape_));
    return stacked{*rank, static_cast<std::uint32_t>(columns), config_.scale_of(target, *rank),
                   floats_of(*pair.down), floats_of(*pair.up)};
  }

  /// Expert e's part: rows e*r… of A, columns j*E + e of B, of which the rows from `first` on.
  lora expert_part(const stacked& all, std::uint32_t expert, std::uint32_t first, std::uint32_t rows) const {
    const auto rank = all.rank;
    const auto columns = all.columns;
    lora part{rank, rows, columns, all.scale, {}, {}};
    const auto begin = all.down.begin() + static_cast<std::ptrdiff_t>(std::size_t{expert} * rank * columns);
    part.down.assign(begin, begin + static_cast<std::ptrdiff_t>(std::size_t{rank} * columns));
    const std::size_t width = std::size_t{rank} * shape_.experts;
    for (std::size_t row = first; row < std::size_t{first} + rows; ++row)
      for (std::size_t j = 0; j < rank; ++j)
        part.up.push_back(all.up[row * width + j * shape_.experts + expert]);
    return part;
  }

  result<done> fill_gate_up(std::size_t layer, const std::string& target, const pair_of_tensors& pair) {
    const auto ffn = shape_.ffn_width;
    const auto all = read_stacked(target, pair, std::uint64_t{2} * ffn, shape_.width);
    if (!all)
      return fail(all);
    for (std::uint32_t e = 0; e < shape_.experts; ++e) {
      out_.layers[layer].experts[e].gate = expert_part(*all, e, 0, ffn);
      out_.layers[layer].experts[e].up = expert_part(*all, e, ffn, ffn);
    }
    return done{};
  }

  result<done> fill_down(std::size_t layer, const std::string& target, const pair_of_tensors& pair) {
    const auto all = read_stacked(target, pair, shape_.width, shape_.ffn_width);
    if (!all)
      return fail(all);
    for (std::uint32_t e = 0; e < shape_.experts; ++e)
      out_.layers[layer].experts[e].down = expert_part(*all, e, 0, shape_.width);
    return done{};
  }

  /// A module that is targeted and has no tensors would silently stay the base model's.
  result<done> refuse_missing() const {
    for (const auto& [module, into] : slots_)
      if (!taken_.contains(module) &&
          (config_.demands_module(module) || config_.targets_parameter(module + ".weight")))
        return broken("the config targets " + module + ", but there are no tensors for it");
    for (std::size_t i = 0; i < out_.layers.size() && shape_.experts > 0; ++i)
      for (const auto* which : {".gate_up_proj", ".down_proj"}) {
        const auto prefix = "model.layers." + std::to_string(i);
        const auto known = prefix + ".block_sparse_moe.experts" + which;
        if ((config_.targets_parameter(prefix + ".mlp.experts" + which) ||
             config_.targets_parameter(known)) &&
            !stacked_.contains(known))
          return broken("the config targets " + known + ", but there are no tensors for it");
      }
    return done{};
  }

  const peft_config& config_;
  const tensor_set& tensors_;
  const model_shape& shape_;
  adapter out_;
  std::map<std::string, slot, std::less<>> slots_;
  std::map<std::string, pair_of_tensors> pairs_;
  std::set<std::string> taken_;
  std::set<std::string> stacked_;
};

} // namespace

result<adapter> read_peft_adapter(const std::string& name, const peft_config& config,
                                  const tensor_set& tensors, const model_shape& shape) {
  return peft_reader(name, config, tensors, shape).read();
}

result<peft_config> open_peft_config(const std::string& folder) {
  const auto place = std::filesystem::path(folder) / "adapter_config.json";
  const auto json = json_object::open(place.string(), config_bytes_max);
  return json ? peft_config::read(*json) : fail(json);
}

result<adapter> load_peft_adapter(const std::string& folder, const model_shape& shape) {
  const auto place = std::filesystem::path(folder);
  const auto config = open_peft_config(folder);
  if (!config)
    return fail(config);
  const auto file = place / "adapter_model.safetensors";
  std::error_code ignored; // what is not there is said when it is opened
  if (!std::filesystem::exists(file, ignored) &&
      std::filesystem::exists(place / "adapter_model.bin", ignored))
    return fail(fault::refused, folder + " has its weights as pickled Python, which can run code when read",
                "save it with safe_serialization=True");
  const auto tensors = open_safetensors(file.string());
  if (!tensors)
    return fail(tensors);
  return read_peft_adapter(folder, *config, *tensors, shape);
}

} // namespace troupe::kernels
