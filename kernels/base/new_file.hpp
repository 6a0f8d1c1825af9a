#pragma once

#include "kernels/base/result.hpp"

#include <cstddef>
#include <fstream>
#include <span>
#include <string>

namespace troupe::kernels {

/// Writes PATH.new and puts it in PATH's place at the end: readers see the old file or the whole new one.
/// What was begun and not committed is removed.
class new_file {
public:
  explicit new_file(std::string path);
  new_file(const new_file&) = delete;
  new_file& operator=(const new_file&) = delete;
  ~new_file();

  /// Errors are kept and told by `commit`.
  void write(std::span<const std::byte> bytes);
  void write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }
  void pad_to(std::uint64_t multiple);
  std::uint64_t size() const noexcept { return size_; }

  result<done> commit();

private:
  std::string path_;
  std::ofstream out_;
  std::uint64_t size_ = 0;
  bool committed_ = false;
};

} // namespace troupe::kernels
