#pragma once

#include "kernels/base/memory_block.hpp"
#include "kernels/cpu/rows.hpp"
#include "kernels/engine/multiplier.hpp"

#include <cstddef>

namespace troupe::kernels {

/// Room for rows of floats, padded; what lies beyond the last column stays zero. Rows that nobody writes take
/// no memory.
class row_buffer {
public:
  row_buffer() = default;
  row_buffer(std::size_t rows, std::size_t columns)
      : columns_(columns)
      , stride_(padded(columns))
      , floats_(rows * stride_ * sizeof(float)) {}

  std::size_t columns() const noexcept { return columns_; }
  std::size_t stride() const noexcept { return stride_; }
  float* row(std::size_t index) noexcept { return floats_.as<float>() + index * stride_; }
  const float* row(std::size_t index) const noexcept { return floats_.as<float>() + index * stride_; }

private:
  std::size_t columns_ = 0;
  std::size_t stride_ = 0;
  memory_block floats_;
};

/// Rows that matrices are multiplied by: floats, and the same rounded to bytes where a matrix takes those.
class site_buffer {
public:
  site_buffer() = default;
  site_buffer(std::size_t rows, std::size_t columns, bool bytes)
      : floats_(rows, columns)
      , blocks_(bytes ? columns / int8_block : 0)
      , tiles_((rows + token_tile - 1) / token_tile * blocks_ * sizeof(int8_tile_block)) {}

  row_buffer& floats() noexcept { return floats_; }
  float* row(std::size_t index) noexcept { return floats_.row(index); }
  /// Rounds a row to bytes, if any matrix takes them.
  void quantise(const kernel_table& kernels, std::size_t row) {
    if (blocks_ > 0)
      kernels.quantise(floats_.row(row), blocks_, tiles_.as<int8_tile_block>() + row / token_tile * blocks_,
                       row % token_tile);
  }
  input_rows rows() const noexcept {
    return {floats_.row(0), floats_.stride(), tiles_.as<int8_tile_block>()};
  }

private:
  row_buffer floats_;
  std::size_t blocks_ = 0;
  memory_block tiles_;
};

} // namespace troupe::kernels
