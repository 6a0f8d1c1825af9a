#include "kernels/files/gguf.hpp"

#include "kernels/files/gguf_reader.hpp"

#include <cstring>
#include <limits>

namespace troupe::kernels {

namespace {

tl::unexpected<error> other_type(const gguf_file& file, std::string_view key, gguf_type is,
                                 const char* wanted) {
  return fail(fault::corrupt, file.file()->path() + ": the key " + std::string(key) + " holds " +
                                  std::string(name_of(is)) + " where " + wanted + " is needed");
}

template<class Stored, class Kept>
std::vector<Kept> converted(const gguf_array& from) {
  std::vector<Kept> all(static_cast<std::size_t>(from.count));
  for (std::size_t i = 0; i < all.size(); ++i) {
    Stored one{};
    std::memcpy(&one, from.raw.data() + i * sizeof one, sizeof one);
    all[i] = static_cast<Kept>(one);
  }
  return all;
}

/// Empty when the array holds no numbers but has some entries.
template<class Kept>
result<std::vector<Kept>> numbers_of(const gguf_array& from) {
  switch (from.of) {
  case gguf_type::u8:
  case gguf_type::boolean:
    return converted<std::uint8_t, Kept>(from);
  case gguf_type::i8:
    return converted<std::int8_t, Kept>(from);
  case gguf_type::u16:
    return converted<std::uint16_t, Kept>(from);
  case gguf_type::i16:
    return converted<std::int16_t, Kept>(from);
  case gguf_type::u32:
    return converted<std::uint32_t, Kept>(from);
  case gguf_type::i32:
    return converted<std::int32_t, Kept>(from);
  case gguf_type::u64:
    return converted<std::uint64_t, Kept>(from);
  case gguf_type::i64:
    return converted<std::int64_t, Kept>(from);
  default:
    return fail(fault::corrupt, "no integers");
  }
}

} // namespace

result<gguf_file> gguf_file::open(const std::string& path) {
  auto file = mapped_file::open(path);
  if (!file)
    return fail(file);
  return read(std::move(*file));
}

result<gguf_file> gguf_file::read(std::shared_ptr<const mapped_file> file) {
  return gguf_reader(std::move(file)).read();
}

result<const gguf_value*> gguf_file::find(std::string_view key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end())
    return fail(fault::not_found, file_->path() + " has no key " + std::string(key));
  return &found->second;
}

result<std::string_view> gguf_file::text(std::string_view key) const {
  const auto found = find(key);
  if (!found)
    return fail(found);
  if (const auto* text = std::get_if<std::string_view>(&(*found)->value))
    return *text;
  return other_type(*this, key, (*found)->type, "text");
}

result<std::uint64_t> gguf_file::count(std::string_view key) const {
  const auto found = find(key);
  if (!found)
    return fail(found);
  if (const auto* number = std::get_if<std::uint64_t>(&(*found)->value))
    return *number;
  if (const auto* number = std::get_if<std::int64_t>(&(*found)->value); number && *number >= 0)
    return static_cast<std::uint64_t>(*number);
  return other_type(*this, key, (*found)->type, "a whole number that is not negative");
}

result<double> gguf_file::number(std::string_view key) const {
  const auto found = find(key);
  if (!found)
    return fail(found);
  const auto& value = (*found)->value;
  if (const auto* real = std::get_if<double>(&value))
    return *real;
  if (const auto* whole = std::get_if<std::uint64_t>(&value))
    return static_cast<double>(*whole);
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return static_cast<double>(*whole);
  return other_type(*this, key, (*found)->type, "a number");
}

result<bool> gguf_file::flag(std::string_view key) const {
  const auto found = find(key);
  if (!found)
    return fail(found);
  if (const auto* flag = std::get_if<bool>(&(*found)->value))
    return *flag;
  return other_type(*this, key, (*found)->type, "a boolean");
}

result<std::vector<std::string_view>> gguf_file::texts(std::string_view key) const {
  const auto found = find(key);
  if (!found)
    return fail(found);
  const auto* array = std::get_if<gguf_array>(&(*found)->value);
  if (!array || array->of != gguf_type::text)
    return other_type(*this, key, array ? array->of : (*found)->type, "an array of texts");
  return array->texts;
}

result<std::vector<float>> gguf_file::numbers(std::string_view key) const {
  const auto found = find(key);
  if (!found)
    return fail(found);
  const auto* array = std::get_if<gguf_array>(&(*found)->value);
  if (array && array->of == gguf_type::f32)
    return converted<float, float>(*array);
  if (array && array->of == gguf_type::f64)
    return converted<double, float>(*array);
  auto whole = array ? numbers_of<float>(*array) : result<std::vector<float>>(fail(fault::corrupt, {}));
  if (!whole)
    return other_type(*this, key, array ? array->of : (*found)->type, "an array of numbers");
  return whole;
}

result<std::vector<std::int64_t>> gguf_file::integers(std::string_view key) const {
  const auto found = find(key);
  if (!found)
    return fail(found);
  const auto* array = std::get_if<gguf_array>(&(*found)->value);
  auto whole =
      array ? numbers_of<std::int64_t>(*array) : result<std::vector<std::int64_t>>(fail(fault::corrupt, {}));
  if (!whole)
    return other_type(*this, key, array ? array->of : (*found)->type, "an array of whole numbers");
  return whole;
}

result<tensor_view> gguf_file::tensor(std::string_view name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end())
    return fail(fault::not_found, file_->path() + " has no tensor " + std::string(name));
  const auto& entry = found->second;
  if (entry.view.type == dtype::other)
    return fail(fault::refused,
                file_->path() + ": tensor " + std::string(name) + " is stored as " +
                    std::string(name_of_ggml(entry.kind)) + ", which is not supported",
                "use a file quantised to Q8_0, Q6_K, Q5_K, Q4_K or Q4_0");
  return entry.view;
}

} // namespace troupe::kernels
