#include "kernels/base/new_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace troupe::kernels {

new_file::new_file(std::string path)
    : path_(std::move(path))
    , out_(path_ + ".new", std::ios::binary | std::ios::trunc) {}

new_file::~new_file() {
  if (!committed_ && out_.is_open())
    std::remove((path_ + ".new").c_str());
}

void new_file::write(std::span<const std::byte> bytes) {
  out_.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  size_ += bytes.size();
}

void new_file::pad_to(std::uint64_t multiple) {
  while (size_ % multiple != 0)
    write(std::string_view("\0", 1));
}

result<done> new_file::commit() {
  if (!out_.is_open())
    return fail(fault::unavailable, "cannot write " + path_ + ".new", "is the folder there and writable?");
  out_.close();
  if (!out_)
    return fail(fault::unavailable, "cannot write all of " + path_ + ".new", "is the disk full?");
  if (std::rename((path_ + ".new").c_str(), path_.c_str()) != 0)
    return fail(fault::unavailable, "cannot write " + path_ + ": " + std::strerror(errno));
  committed_ = true;
  return done{};
}

} // namespace troupe::kernels
