#include "kernels/files/gguf_writer.hpp"

#include "kernels/base/checked.hpp"
#include "kernels/files/tensor.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

constexpr std::uint64_t alignment = 32;

template<class Number>
void append(std::string& to, Number value) {
  to.append(reinterpret_cast<const char*>(&value), sizeof value);
}

void append_text(std::string& to, std::string_view text) {
  append(to, static_cast<std::uint64_t>(text.size()));
  to += text;
}

void append_array_head(std::string& to, gguf_type of, std::size_t count) {
  append(to, static_cast<std::uint32_t>(of));
  append(to, static_cast<std::uint64_t>(count));
}

void append_array(std::string& to, const gguf_array& array) {
  append_array_head(to, array.of, static_cast<std::size_t>(array.count));
  to.append(reinterpret_cast<const char*>(array.raw.data()), array.raw.size());
  for (const auto text : array.texts)
    append_text(to, text);
}

/// The low bytes of a number are the number in fewer bytes: files are little endian, and so are we.
template<class Number>
void append_bytes(std::string& to, Number value, std::size_t size) {
  to.append(reinterpret_cast<const char*>(&value), size);
}

struct append_value {
  std::string& to;
  gguf_type type;

  void operator()(std::uint64_t value) const { append_bytes(to, value, size_of(type)); }
  void operator()(std::int64_t value) const { append_bytes(to, value, size_of(type)); }
  void operator()(double value) const {
    if (type == gguf_type::f32)
      append(to, static_cast<float>(value));
    else
      append(to, value);
  }
  void operator()(bool value) const { append(to, static_cast<std::uint8_t>(value)); }
  void operator()(std::string_view value) const { append_text(to, value); }
  void operator()(const gguf_array& value) const { append_array(to, value); }
};

result<std::uint64_t> size_in_file(const tensor_source& tensor) {
  const auto count = element_count(tensor.shape);
  const auto size = count ? bytes_of(tensor.type, *count) : std::nullopt;
  if (!size || !ggml_number(tensor.type) || tensor.shape.empty())
    return fail(fault::refused, "a GGUF file cannot hold tensor " + tensor.name + " of shape " +
                                    text_of_shape(tensor.shape) + " as " + std::string(name_of(tensor.type)));
  return *size;
}

} // namespace

std::string& gguf_writer::entry(const std::string& key, gguf_type type) {
  auto found = std::ranges::find(entries_, key, &std::pair<std::string, std::string>::first);
  if (found == entries_.end())
    found = entries_.emplace(entries_.end(), key, std::string());
  found->second.clear();
  append(found->second, static_cast<std::uint32_t>(type));
  return found->second;
}

void gguf_writer::set_text(const std::string& key, std::string_view value) {
  append_text(entry(key, gguf_type::text), value);
}

void gguf_writer::set_count(const std::string& key, std::uint32_t value) {
  append(entry(key, gguf_type::u32), value);
}

void gguf_writer::set_number(const std::string& key, float value) {
  append(entry(key, gguf_type::f32), value);
}

void gguf_writer::set_flag(const std::string& key, bool value) {
  append(entry(key, gguf_type::boolean), static_cast<std::uint8_t>(value));
}

void gguf_writer::set_texts(const std::string& key, const std::vector<std::string>& values) {
  auto& bytes = entry(key, gguf_type::array);
  append_array_head(bytes, gguf_type::text, values.size());
  for (const auto& value : values)
    append_text(bytes, value);
}

void gguf_writer::set_numbers(const std::string& key, const std::vector<float>& values) {
  auto& bytes = entry(key, gguf_type::array);
  append_array_head(bytes, gguf_type::f32, values.size());
  for (const auto value : values)
    append(bytes, value);
}

void gguf_writer::set_integers(const std::string& key, const std::vector<std::int32_t>& values) {
  auto& bytes = entry(key, gguf_type::array);
  append_array_head(bytes, gguf_type::i32, values.size());
  for (const auto value : values)
    append(bytes, value);
}

void gguf_writer::set(const std::string& key, const gguf_value& value) {
  std::visit(append_value{entry(key, value.type), value.type}, value.value);
}

result<std::string> gguf_writer::head() const {
  std::string bytes = "GGUF";
  append(bytes, std::uint32_t{3});
  append(bytes, static_cast<std::uint64_t>(tensors_.size()));
  append(bytes, static_cast<std::uint64_t>(entries_.size()));
  for (const auto& [key, value] : entries_) {
    append_text(bytes, key);
    bytes += value;
  }
  std::uint64_t offset = 0;
  for (const auto& tensor : tensors_) {
    const auto size = size_in_file(tensor);
    if (!size)
      return fail(size);
    append_text(bytes, tensor.name);
    append(bytes, static_cast<std::uint32_t>(tensor.shape.size()));
    std::for_each(tensor.shape.rbegin(), tensor.shape.rend(), [&](auto extent) { append(bytes, extent); });
    append(bytes, *ggml_number(tensor.type));
    append(bytes, offset);
    offset += (*size + alignment - 1) / alignment * alignment;
  }
  return bytes;
}

result<done> gguf_writer::write_tensor(const tensor_source& tensor, new_file& out) {
  out.pad_to(alignment);
  const auto bytes = tensor.bytes();
  if (!bytes)
    return fail_in(tensor.name, bytes);
  ensure(bytes->size() == size_in_file(tensor).value(), "a tensor has the bytes its shape says");
  out.write(*bytes);
  return done{};
}

result<done> gguf_writer::write(const std::string& path) const {
  const auto begin = head();
  if (!begin)
    return fail(begin);
  new_file out(path);
  out.write(*begin);
  for (const auto& tensor : tensors_)
    if (const auto written = write_tensor(tensor, out); !written)
      return fail(written);
  out.pad_to(alignment);
  return out.commit();
}

} // namespace troupe::kernels
