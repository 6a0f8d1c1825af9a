#include "storage/two_slots.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

namespace troupe::storage {
namespace {

std::string why() { return std::strerror(errno); }

} // namespace

std::uint64_t slot_file::sum(const void* piece, std::size_t size) { return XXH3_64bits(piece, size); }

result<std::optional<std::size_t>> slot_file::read(const std::filesystem::path& file, void* into,
                                                   std::size_t size) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0 && errno == ENOENT)
    return std::nullopt;
  if (descriptor < 0)
    return fail(fault::unavailable, "cannot read " + file.string() + ": " + why());
  const ssize_t got = ::pread(descriptor, into, size, 0);
  ::close(descriptor);
  if (got < 0)
    return fail(fault::unavailable, "cannot read " + file.string() + ": " + why());
  return static_cast<std::size_t>(got);
}

result<slot_file> slot_file::open(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(fault::unavailable, "cannot write " + file.string() + ": " + why());
  return slot_file(descriptor, file);
}

slot_file::slot_file(int descriptor, std::filesystem::path name)
    : descriptor_(descriptor)
    , name_(std::move(name)) {}

slot_file::slot_file(slot_file&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
    , name_(std::move(other.name_)) {}

slot_file::~slot_file() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

result<void> slot_file::write(const void* piece, std::size_t size, std::uint64_t place) {
  const auto at = static_cast<off_t>(place * size);
  if (::pwrite(descriptor_, piece, size, at) != static_cast<ssize_t>(size))
    return fail(fault::unavailable, "cannot write " + name_.filename().string() + ": " + why());
  return {};
}

} // namespace troupe::storage
