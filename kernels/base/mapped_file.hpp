#pragma once

#include "kernels/base/result.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace troupe::kernels {

/// A whole file as read-only memory that the kernel pages in on demand: loading costs no copy, and several
/// processes share the pages. Nobody may shorten the file meanwhile: reading past its new end is a signal.
class mapped_file {
public:
  static result<std::shared_ptr<const mapped_file>> open(const std::string& path);

  /// Bytes that are in memory already, for tests and fuzzing.
  static std::shared_ptr<const mapped_file> of_bytes(std::string name, std::span<const std::byte> bytes);

  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
  ~mapped_file();

  /// Valid as long as the object.
  std::span<const std::byte> bytes() const noexcept { return bytes_; }
  const std::string& path() const noexcept { return path_; }

  /// Lets the memory of this part go until somebody reads it again: for what has been copied into another
  /// form.
  void release(std::span<const std::byte> part) const noexcept;

private:
  mapped_file(std::string path, std::span<const std::byte> bytes, std::unique_ptr<std::byte[]> own);

  std::string path_;
  std::span<const std::byte> bytes_;
  std::unique_ptr<std::byte[]> own_; // empty when the bytes are a mapping
};

/// A small text file as a whole; more than `bytes_max` is refused unread.
result<std::string> read_text_file(const std::string& path, std::size_t bytes_max);

} // namespace troupe::kernels
