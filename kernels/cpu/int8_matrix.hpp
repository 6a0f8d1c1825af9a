#pragma once

#include "kernels/cpu/rows.hpp"
#include "kernels/model/matrix.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace troupe::kernels {

/// One block of a panel: for each four columns the sixteen rows' four bytes side by side, which is what
/// vpdpbusd takes. The bytes are the numbers plus 128, since it wants one side unsigned.
struct int8_panel_block {
  std::uint8_t numbers[int8_block / 4][panel_rows][4];
  std::uint16_t scales[panel_rows]; // half precision
};

/// A matrix of bytes with scales, laid out for the kernels: panels of rows, each a run of blocks. Rows beyond
/// the last are zero.
class int8_matrix {
public:
  /// Nothing for kinds that bytes cannot hold exactly: Q8_0 and Q4_0 can be.
  static std::optional<int8_matrix> pack(const matrix& from);

  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return blocks_ * int8_block; }
  std::size_t blocks() const noexcept { return blocks_; }
  std::size_t panels() const noexcept { return (rows_ + panel_rows - 1) / panel_rows; }
  std::span<const int8_panel_block> panel(std::size_t index) const {
    return std::span(data_).subspan(index * blocks_, blocks_);
  }

private:
  int8_matrix(std::size_t rows, std::size_t blocks)
      : rows_(rows)
      , blocks_(blocks)
      , data_(panels() * blocks) {}

  std::size_t rows_ = 0;
  std::size_t blocks_ = 0;
  std::vector<int8_panel_block> data_;
};

/// Rows of activations as bytes, a scale for each block: what the weights are multiplied by.
struct int8_rows {
  explicit int8_rows(std::size_t rows, std::size_t columns)
      : blocks(columns / int8_block)
      , numbers(rows * columns)
      , scales(rows * blocks)
      , offsets(rows * blocks) {}

  std::size_t blocks;
  std::vector<std::int8_t> numbers;
  std::vector<float> scales;
  std::vector<std::int32_t> offsets; // 128 times each block's sum: what the unsigned weights add too much

  const std::int8_t* numbers_of(std::size_t row) const { return numbers.data() + row * blocks * int8_block; }
  const float* scales_of(std::size_t row) const { return scales.data() + row * blocks; }
  const std::int32_t* offsets_of(std::size_t row) const { return offsets.data() + row * blocks; }
};

/// To the nearest of 255 levels of each block, as Q8_0 does.
void quantise_row(std::span<const float> from, int8_rows& into, std::size_t row);

} // namespace troupe::kernels
