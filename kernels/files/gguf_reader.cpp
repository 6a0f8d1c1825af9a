#include "kernels/files/gguf_reader.hpp"

#include "kernels/base/checked.hpp"

#include <algorithm>
#include <bit>

namespace troupe::kernels {

namespace {

static_assert(std::endian::native == std::endian::little, "files are read as they lie");

constexpr std::uint32_t magic = 0x46554747; // "GGUF"

// Real files have a few dozen keys and, with one tensor for each expert's matrix, some 30,000 tensors.
constexpr std::uint64_t entries_max = 65'536;
constexpr std::uint64_t tensors_max = 262'144;
constexpr std::uint64_t name_bytes_max = 1'024;
constexpr std::uint32_t dimensions_max = 4; // the format's own limit
constexpr std::uint64_t alignment_max = 65'536;

} // namespace

gguf_reader::gguf_reader(std::shared_ptr<const mapped_file> file)
    : cursor_(file->bytes()) {
  out_.file_ = std::move(file);
}

tl::unexpected<error> gguf_reader::broken(const std::string& what) const {
  return fail(fault::corrupt,
              out_.file_->path() + ", byte " + std::to_string(cursor_.position()) + ": " + what);
}

result<gguf_file> gguf_reader::read() {
  if (const auto head = read_head(); !head)
    return fail(head);
  for (std::uint64_t i = 0; i < entries_; ++i)
    if (const auto entry = read_entry(); !entry)
      return fail(entry);
  if (const auto parts = out_.metadata_.find("split.count"); parts != out_.metadata_.end())
    if (const auto number = out_.count("split.count"); number && *number > 1)
      return fail(fault::refused,
                  out_.file_->path() + " is one of " + std::to_string(*number) + " parts of a model",
                  "merge them first: llama-gguf-split --merge FIRST OUT");
  for (std::uint64_t i = 0; i < tensors_; ++i)
    if (const auto tensor = read_tensor(); !tensor)
      return fail(tensor);
  if (const auto placed = place_tensors(); !placed)
    return fail(placed);
  return std::move(out_);
}

result<done> gguf_reader::read_head() {
  std::uint32_t seen = 0;
  if (!cursor_.take(seen) || seen != magic)
    return fail(fault::corrupt, out_.file_->path() + " is no GGUF file: it does not begin with GGUF");
  if (!cursor_.take(out_.version_))
    return ends_early();
  if ((out_.version_ & 0xffffu) == 0 && out_.version_ != 0)
    return fail(fault::refused, out_.file_->path() + " is a big-endian GGUF file", "convert the model again");
  if (out_.version_ != 2 && out_.version_ != 3)
    return fail(fault::refused,
                out_.file_->path() + " is GGUF version " + std::to_string(out_.version_) +
                    "; 2 and 3 are read",
                "convert the model again");
  if (!cursor_.take(tensors_) || !cursor_.take(entries_))
    return ends_early();
  if (tensors_ > tensors_max || entries_ > entries_max)
    return broken(std::to_string(tensors_) + " tensors and " + std::to_string(entries_) +
                  " keys are more than a model has");
  return done{};
}

result<done> gguf_reader::read_entry() {
  const auto key = read_text(name_bytes_max);
  if (!key)
    return fail(key);
  const auto type = read_type();
  if (!type)
    return fail(type);
  auto value = *type == gguf_type::array ? read_array() : read_value(*type);
  if (!value)
    return fail(value);
  if (!out_.metadata_.emplace(*key, std::move(*value)).second)
    return broken("the key " + std::string(*key) + " is there twice");
  return done{};
}

result<gguf_type> gguf_reader::read_type() {
  std::uint32_t number = 0;
  if (!cursor_.take(number))
    return ends_early();
  if (number > static_cast<std::uint32_t>(gguf_type::f64))
    return broken("there is no metadata type " + std::to_string(number));
  return static_cast<gguf_type>(number);
}

result<std::string_view> gguf_reader::read_text(std::uint64_t bytes_max) {
  std::uint64_t size = 0;
  if (!cursor_.take(size))
    return ends_early();
  if (size > cursor_.left())
    return broken("a text of " + std::to_string(size) + " bytes goes past the end of the file");
  if (size > bytes_max)
    return broken("a name of " + std::to_string(size) + " bytes is no name");
  std::string_view text;
  cursor_.take(text, static_cast<std::size_t>(size));
  return text;
}

namespace {

template<class Stored, class Kept>
bool take_as(byte_cursor& cursor, gguf_value& into) {
  Stored stored{};
  if (!cursor.take(stored))
    return false;
  into.value = static_cast<Kept>(stored);
  return true;
}

bool take_number(byte_cursor& cursor, gguf_value& into) {
  switch (into.type) {
  case gguf_type::u8:
    return take_as<std::uint8_t, std::uint64_t>(cursor, into);
  case gguf_type::i8:
    return take_as<std::int8_t, std::int64_t>(cursor, into);
  case gguf_type::u16:
    return take_as<std::uint16_t, std::uint64_t>(cursor, into);
  case gguf_type::i16:
    return take_as<std::int16_t, std::int64_t>(cursor, into);
  case gguf_type::u32:
    return take_as<std::uint32_t, std::uint64_t>(cursor, into);
  case gguf_type::i32:
    return take_as<std::int32_t, std::int64_t>(cursor, into);
  case gguf_type::u64:
    return take_as<std::uint64_t, std::uint64_t>(cursor, into);
  case gguf_type::i64:
    return take_as<std::int64_t, std::int64_t>(cursor, into);
  case gguf_type::f32:
    return take_as<float, double>(cursor, into);
  case gguf_type::f64:
    return take_as<double, double>(cursor, into);
  default:
    return false;
  }
}

} // namespace

result<gguf_value> gguf_reader::read_value(gguf_type type) {
  gguf_value read{type, {}};
  if (type == gguf_type::text) {
    const auto text = read_text(cursor_.left());
    if (!text)
      return fail(text);
    read.value = *text;
    return read;
  }
  if (type == gguf_type::boolean) {
    std::uint8_t stored = 0;
    if (!cursor_.take(stored))
      return ends_early();
    if (stored > 1)
      return broken("a boolean is 0 or 1, not " + std::to_string(stored));
    read.value = stored == 1;
    return read;
  }
  if (!take_number(cursor_, read))
    return ends_early();
  return read;
}

result<gguf_value> gguf_reader::read_array() {
  gguf_array read;
  const auto of = read_type();
  if (!of)
    return fail(of);
  read.of = *of;
  if (read.of == gguf_type::array)
    return broken("arrays of arrays are not used by any model");
  if (!cursor_.take(read.count))
    return ends_early();
  if (read.of == gguf_type::text) {
    for (std::uint64_t i = 0; i < read.count; ++i) {
      const auto text = read_text(cursor_.left());
      if (!text)
        return fail(text);
      read.texts.push_back(*text);
    }
    return gguf_value{gguf_type::array, std::move(read)};
  }
  const auto bytes = checked_multiply<std::uint64_t>(read.count, size_of(read.of));
  if (!bytes || *bytes > cursor_.left())
    return broken("an array of " + std::to_string(read.count) + " values goes past the end of the file");
  cursor_.take(read.raw, static_cast<std::size_t>(*bytes));
  return gguf_value{gguf_type::array, std::move(read)};
}

result<std::vector<std::uint64_t>> gguf_reader::read_shape(std::string_view name) {
  std::uint32_t dimensions = 0;
  if (!cursor_.take(dimensions))
    return ends_early();
  if (dimensions == 0 || dimensions > dimensions_max)
    return broken("tensor " + std::string(name) + " has " + std::to_string(dimensions) + " dimensions");
  std::vector<std::uint64_t> shape(dimensions);
  for (auto extent = shape.rbegin(); extent != shape.rend(); ++extent) // the file has the innermost first
    if (!cursor_.take(*extent))
      return ends_early();
  const auto count = element_count(shape);
  if (!count || *count == 0)
    return broken("tensor " + std::string(name) + " has the impossible shape " + text_of_shape(shape));
  return shape;
}

result<done> gguf_reader::read_tensor() {
  const auto name = read_text(name_bytes_max);
  if (!name)
    return fail(name);
  auto shape = read_shape(*name);
  if (!shape)
    return fail(shape);
  gguf_file::tensor_entry entry;
  entry.view.shape = std::move(*shape);
  if (!cursor_.take(entry.kind) || !cursor_.take(entry.offset))
    return ends_early();
  entry.view.type = dtype_of_ggml(entry.kind);
  if (!out_.tensors_.emplace(*name, std::move(entry)).second)
    return broken("tensor " + std::string(*name) + " is there twice");
  return done{};
}

result<std::uint64_t> gguf_reader::alignment() const {
  if (!out_.has("general.alignment"))
    return 32;
  const auto given = out_.count("general.alignment");
  if (!given)
    return fail(given);
  if (!std::has_single_bit(*given) || *given > alignment_max)
    return broken("an alignment of " + std::to_string(*given) + " is no power of two that a file needs");
  return *given;
}

result<done> gguf_reader::place_tensors() {
  const auto unit = alignment();
  if (!unit)
    return fail(unit);
  const auto bytes = out_.file_->bytes();
  const auto begin = (cursor_.position() + *unit - 1) / *unit * *unit;
  if (begin > bytes.size() && tensors_ > 0)
    return ends_early();
  const auto data = bytes.subspan(std::min<std::size_t>(begin, bytes.size()));
  for (auto& [name, tensor] : out_.tensors_)
    if (const auto placed = place(name, tensor, data, *unit); !placed)
      return fail(placed);
  return refuse_overlaps();
}

result<done> gguf_reader::place(std::string_view name, gguf_file::tensor_entry& tensor,
                                std::span<const std::byte> data, std::uint64_t alignment) const {
  auto& view = tensor.view;
  const std::string who = "tensor " + std::string(name);
  if (tensor.offset % alignment != 0)
    return broken(who + " begins at " + std::to_string(tensor.offset) + ", which is not aligned");
  if (tensor.offset > data.size())
    return broken(who + " begins past the end of the file");
  if (view.type == dtype::other)
    return done{}; // of unknown size; whoever asks for it is told so
  if (view.shape.back() % layout_of(view.type).block_elements != 0)
    return broken(who + " has rows of " + std::to_string(view.shape.back()) +
                  " numbers, no whole number of " + std::string(name_of(view.type)) + " blocks");
  const auto size = bytes_of(view.type, view.elements());
  if (!size || *size > data.size() - tensor.offset)
    return broken(who + " of shape " + text_of_shape(view.shape) + " goes past the end of the file");
  view.bytes = data.subspan(static_cast<std::size_t>(tensor.offset), static_cast<std::size_t>(*size));
  return done{};
}

result<done> gguf_reader::refuse_overlaps() const {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  for (const auto& [name, tensor] : out_.tensors_)
    ranges.emplace_back(tensor.offset, tensor.offset + std::max<std::size_t>(tensor.view.bytes.size(), 1));
  std::ranges::sort(ranges);
  for (std::size_t i = 1; i < ranges.size(); ++i)
    if (ranges[i].first < ranges[i - 1].second)
      return broken("two tensors share the data at " + std::to_string(ranges[i].first));
  return done{};
}

} // namespace troupe::kernels
