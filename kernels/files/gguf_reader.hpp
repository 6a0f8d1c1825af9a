#pragma once

#include "kernels/base/byte_cursor.hpp"
#include "kernels/files/gguf.hpp"

#include <string>

namespace troupe::kernels {

/// One pass over a file's head. What it allocates grows with the bytes that are there, not with what they
/// claim.
class gguf_reader {
public:
  explicit gguf_reader(std::shared_ptr<const mapped_file> file);

  result<gguf_file> read();

private:
  result<done> read_head();
  result<done> read_entry();
  result<gguf_value> read_value(gguf_type type);
  result<gguf_value> read_array();
  result<gguf_type> read_type();
  result<std::string_view> read_text(std::uint64_t bytes_max);
  result<done> read_tensor();
  result<std::vector<std::uint64_t>> read_shape(std::string_view name);
  result<std::uint64_t> alignment() const;
  result<done> place_tensors();
  result<done> place(std::string_view name, gguf_file::tensor_entry& tensor, std::span<const std::byte> data,
                     std::uint64_t alignment) const;
  result<done> refuse_overlaps() const;

  tl::unexpected<error> broken(const std::string& what) const;
  tl::unexpected<error> ends_early() const { return broken("the file ends too early"); }

  gguf_file out_;
  byte_cursor cursor_;
  std::uint64_t entries_ = 0;
  std::uint64_t tensors_ = 0;
};

} // namespace troupe::kernels
