#include "kernels/base/checked.hpp"
#include "kernels/base/new_file.hpp"
#include "kernels/files/safetensors.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels {

namespace {

result<std::uint64_t> size_in_file(const tensor_source& tensor) {
  const auto count = element_count(tensor.shape);
  const auto size = count ? bytes_of(tensor.type, *count) : std::nullopt;
  if (!size || !safetensors_name(tensor.type))
    return fail(fault::refused, "a safetensors file cannot hold tensor " + tensor.name + " of shape " +
                                    text_of_shape(tensor.shape) + " as " + std::string(name_of(tensor.type)));
  return *size;
}

result<std::string> header_of(const std::vector<tensor_source>& tensors,
                              const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty())
    header["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const auto& tensor : tensors) {
    const auto size = size_in_file(tensor);
    if (!size)
      return fail(size);
    if (header.contains(tensor.name))
      return fail(fault::invalid, "tensor " + tensor.name + " is there twice");
    header[tensor.name] = {{"dtype", *safetensors_name(tensor.type)},
                           {"shape", tensor.shape},
                           {"data_offsets", {at, at + *size}}};
    at += *size;
  }
  auto text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' '); // the data begins aligned
  return text;
}

} // namespace

result<done> write_safetensors(const std::string& path, const std::vector<tensor_source>& tensors,
                               const std::map<std::string, std::string>& metadata) {
  const auto header = header_of(tensors, metadata);
  if (!header)
    return fail(header);
  const std::uint64_t size = header->size();
  new_file out(path);
  out.write(std::as_bytes(std::span(&size, 1)));
  out.write(*header);
  for (const auto& tensor : tensors) {
    const auto bytes = tensor.bytes();
    if (!bytes)
      return fail_in(tensor.name, bytes);
    ensure(bytes->size() == size_in_file(tensor).value(), "a tensor has the bytes its shape says");
    out.write(*bytes);
  }
  return out.commit();
}

} // namespace troupe::kernels
