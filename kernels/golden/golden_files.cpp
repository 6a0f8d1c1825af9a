#include "kernels/golden/golden_files.hpp"

#include "kernels/files/dequantize.hpp"
#include "kernels/files/json_object.hpp"

#include <cstring>
#include <filesystem>

namespace troupe::kernels {

namespace {

constexpr std::size_t about_bytes_max = 1u << 20;
constexpr std::size_t prompts_max = 64;

} // namespace

result<golden_files> golden_files::open(const std::string& folder) {
  const auto place = std::filesystem::path(folder);
  auto tensors = open_safetensors((place / "golden.safetensors").string());
  if (!tensors)
    return fail(tensors);
  const auto about = json_object::open((place / "golden.json").string(), about_bytes_max);
  if (!about)
    return fail(about);
  golden_files read(*about);
  read.tensors_ = std::move(*tensors);
  while (read.prompts_ < prompts_max && read.has("prompt." + std::to_string(read.prompts_))) {
    const auto key = "logit_rows_of_prompt_" + std::to_string(read.prompts_++);
    const auto rows = about->has(key) ? about->counts(key)
                                      : result<std::vector<std::uint64_t>>(std::vector<std::uint64_t>{});
    if (!rows)
      return fail(rows);
    read.rows_.push_back(*rows);
  }
  if (read.prompts_ == 0)
    return fail(fault::corrupt, read.tensors_.name + " has no prompt.0, so it is no golden case");
  return read;
}

result<std::vector<token_id>> golden_files::tokens(const std::string& name) const {
  const auto tensor = tensors_.tensor(name);
  if (!tensor)
    return fail(tensor);
  if (tensor->type != dtype::i32 || tensor->shape.size() != 1)
    return fail(fault::corrupt, tensors_.name + ": " + name + " is no list of tokens (I32)");
  std::vector<token_id> ids(static_cast<std::size_t>(tensor->elements()));
  std::memcpy(ids.data(), tensor->bytes.data(), tensor->bytes.size());
  return ids;
}

result<activations> golden_files::logits(const std::string& name) const {
  const auto tensor = tensors_.tensor(name);
  if (!tensor)
    return fail(tensor);
  if (tensor->type != dtype::f32 || tensor->shape.size() != 2)
    return fail(fault::corrupt, tensors_.name + ": " + name + " is no matrix of F32");
  activations read(static_cast<std::size_t>(tensor->shape[0]), static_cast<std::size_t>(tensor->shape[1]));
  dequantize(dtype::f32, tensor->bytes, read.values());
  return read;
}

std::vector<std::string> golden_files::names_below(const std::string& prefix) const {
  std::vector<std::string> names;
  for (auto at = tensors_.tensors.lower_bound(prefix);
       at != tensors_.tensors.end() && at->first.starts_with(prefix); ++at)
    names.push_back(at->first);
  return names;
}

result<std::vector<float>> golden_files::numbers(const std::string& name) const {
  const auto tensor = tensors_.tensor(name);
  if (!tensor)
    return fail(tensor);
  if (!is_weight(tensor->type))
    return fail(fault::corrupt, tensors_.name + ": " + name + " has no numbers");
  std::vector<float> read(static_cast<std::size_t>(tensor->elements()));
  dequantize(tensor->type, tensor->bytes, read);
  return read;
}

result<std::vector<double>> golden_files::doubles(const std::string& name) const {
  const auto tensor = tensors_.tensor(name);
  if (!tensor)
    return fail(tensor);
  if (tensor->type != dtype::f64)
    return fail(fault::corrupt, tensors_.name + ": " + name + " is no list of F64");
  std::vector<double> read(static_cast<std::size_t>(tensor->elements()));
  std::memcpy(read.data(), tensor->bytes.data(), tensor->bytes.size());
  return read;
}

std::vector<std::uint64_t> golden_files::rows_of(std::size_t prompt) const { return rows_[prompt]; }

} // namespace troupe::kernels
