#include "kernels/files/safetensors.hpp"

#include "kernels/base/byte_cursor.hpp"
#include "kernels/base/checked.hpp"
#include "kernels/files/json_object.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

/// The format allows 100 MB, and a tree of that takes a gigabyte. A model of a thousand layers needs two
/// megabytes.
constexpr std::uint64_t header_bytes_max = 16u << 20;

struct place {
  std::uint64_t begin;
  std::uint64_t end;
};

tl::unexpected<error> broken(const std::string& name, const std::string& what) {
  return fail(fault::corrupt, name + ": " + what);
}

result<std::string_view> header_of(byte_cursor& cursor, const std::string& name) {
  std::uint64_t size = 0;
  if (!cursor.take(size))
    return broken(name, "too short for a safetensors file");
  if (size > header_bytes_max)
    return broken(name, "a header of " + std::to_string(size) + " bytes is none of a safetensors file");
  std::string_view header;
  if (!cursor.take(header, static_cast<std::size_t>(size)))
    return broken(name, "the header goes past the end of the file");
  if (!header.starts_with('{'))
    return broken(name, "the header does not begin with {");
  return header;
}

result<place> place_of(const json_object& about) {
  const auto offsets = about.counts("data_offsets");
  if (!offsets)
    return fail(offsets);
  if (offsets->size() != 2 || (*offsets)[0] > (*offsets)[1])
    return broken(about.name(), "\"data_offsets\" are a begin and an end");
  return place{(*offsets)[0], (*offsets)[1]};
}

/// A kind that we do not read still has its place; its bytes are kept and its shape not compared with them.
result<tensor_view> tensor_of(const json_object& about, place at, std::span<const std::byte> data) {
  const auto kind = about.text("dtype");
  if (!kind)
    return fail(kind);
  auto shape = about.counts("shape");
  if (!shape)
    return fail(shape);
  if (at.end > data.size())
    return broken(about.name(), "it goes past the end of the file");
  tensor_view view{
      dtype_of_safetensors(*kind), std::move(*shape),
      data.subspan(static_cast<std::size_t>(at.begin), static_cast<std::size_t>(at.end - at.begin))};
  const auto count = element_count(view.shape);
  if (!count)
    return broken(about.name(), "the shape " + text_of_shape(view.shape) + " is impossible");
  if (view.type != dtype::other && bytes_of(view.type, *count) != view.bytes.size())
    return broken(about.name(), "the shape " + text_of_shape(view.shape) + " does not take " +
                                    std::to_string(view.bytes.size()) + " bytes");
  return view;
}

result<done> refuse_holes(const std::string& name, std::vector<place> places, std::uint64_t size) {
  std::ranges::sort(places, {}, [](const place& p) { return std::pair(p.begin, p.end); });
  std::uint64_t at = 0;
  for (const auto& [begin, end] : places) {
    if (begin != at)
      return broken(name, begin < at ? "two tensors share data" : "there is a hole between tensors");
    at = end;
  }
  if (at != size)
    return broken(name, "there is data that belongs to no tensor");
  return done{};
}

} // namespace

result<tensor_view> tensor_set::tensor(std::string_view which) const {
  const auto found = tensors.find(which);
  if (found == tensors.end())
    return fail(fault::not_found, name + " has no tensor " + std::string(which));
  if (found->second.type == dtype::other)
    return fail(fault::refused,
                name + ": the numbers of tensor " + std::string(which) +
                    " are of a kind that is not supported",
                "F32, F16 and BF16 are");
  return found->second;
}

result<tensor_set> open_safetensors(const std::string& path) {
  auto file = mapped_file::open(path);
  if (!file)
    return fail(file);
  return read_safetensors(std::move(*file));
}

result<tensor_set> read_safetensors(std::shared_ptr<const mapped_file> file) {
  byte_cursor cursor(file->bytes());
  const auto header = header_of(cursor, file->path());
  if (!header)
    return fail(header);
  const auto about = json_object::parse(file->path(), *header);
  if (!about)
    return fail(about);
  const auto data = file->bytes().subspan(cursor.position());
  tensor_set set{file->path(), {}, {}};
  std::vector<place> places;
  for (const auto& name : about->keys()) {
    const auto one = about->object(name);
    if (!one)
      return fail(one);
    if (name == "__metadata__")
      continue;
    const auto at = place_of(*one);
    if (!at)
      return fail(at);
    auto view = tensor_of(*one, *at, data);
    if (!view)
      return fail(view);
    places.push_back(*at);
    set.tensors.emplace(name, std::move(*view));
  }
  if (const auto filled = refuse_holes(file->path(), std::move(places), data.size()); !filled)
    return fail(filled);
  set.files.push_back(std::move(file));
  return set;
}

} // namespace troupe::kernels
