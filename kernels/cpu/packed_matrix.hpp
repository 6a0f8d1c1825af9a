#pragma once

#include "kernels/base/memory_block.hpp"
#include "kernels/cpu/kernel_table.hpp"
#include "kernels/model/matrix.hpp"
#include "kernels/threads/team.hpp"

#include <cstddef>

namespace troupe::kernels {

/// A matrix laid out for the kernels: panels of sixteen rows, each in one piece and aligned. Numbers are what
/// is stored, none is rounded; rows beyond the last are zero.
class packed_matrix {
public:
  packed_matrix() = default;
  /// `from` is a matrix of weights; the team's threads share its panels.
  packed_matrix(const matrix& from, thread_team& team);

  bool empty() const noexcept { return rows_ == 0; }
  packed_kind kind() const noexcept { return kind_; }
  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }
  std::size_t panels() const noexcept { return (rows_ + panel_rows - 1) / panel_rows; }
  std::size_t panel_bytes() const noexcept { return panel_bytes_; }
  std::size_t bytes() const noexcept { return data_.size(); }
  const std::byte* panel(std::size_t index) const noexcept { return data_.data() + index * panel_bytes_; }

  /// Whether it is multiplied by activations rounded to bytes.
  bool takes_bytes() const noexcept { return kind_ < packed_kind::f16; }

private:
  void pack_blocks(const matrix& from, std::size_t panel);
  void pack_floats(const matrix& from, std::size_t panel);

  packed_kind kind_ = packed_kind::f32;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t panel_bytes_ = 0;
  memory_block data_;
};

} // namespace troupe::kernels
