#pragma once

#include "kernels/files/tensor.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace troupe::kernels {

/// Rows of stored weights, decoded one at a time: a model of any kind runs from its mapping without a copy.
/// Cheap to copy; holds what its bytes lie in.
class matrix {
public:
  matrix() = default;

  /// A tensor of two dimensions whose numbers are weights; the reader has checked both.
  matrix(const tensor_view& stored, std::shared_ptr<const void> holds);
  /// Numbers of our own, row after row.
  matrix(std::uint64_t rows, std::uint64_t columns, std::vector<float> values);

  bool empty() const noexcept { return rows_ == 0; }
  std::uint64_t rows() const noexcept { return rows_; }
  std::uint64_t columns() const noexcept { return columns_; }
  dtype type() const noexcept { return type_; }
  std::uint64_t stored_bytes() const noexcept { return rows_ * row_bytes_; }

  matrix rows_between(std::uint64_t first, std::uint64_t count) const;

  /// GGUF files of the llama architecture store the rows of each head's queries and keys in pairs (i, i +
  /// half) one after the other, since their positions turn neighbours. Read through this, row r is the r-th
  /// of the original again.
  matrix with_halves_apart(std::uint32_t head_size) const;

  /// The row's floats: a view of the stored ones where they are floats already, else decoded into `scratch`,
  /// which is as long as a row.
  std::span<const float> row(std::uint64_t index, std::span<float> scratch) const;

  /// The row's bytes as they are stored.
  std::span<const std::byte> stored_row(std::uint64_t index) const;

private:
  dtype type_ = dtype::f32;
  std::uint64_t rows_ = 0;
  std::uint64_t columns_ = 0;
  std::uint64_t row_bytes_ = 0;
  std::uint32_t paired_head_ = 0; // the head size whose rows lie in pairs; 0: rows lie in order
  const std::byte* bytes_ = nullptr;
  std::shared_ptr<const void> holds_;
};

/// The place in the file of row `row` of rows that lie in pairs.
constexpr std::uint64_t paired_row(std::uint64_t row, std::uint32_t head_size) noexcept {
  const auto half = head_size / 2;
  const auto within = row % head_size;
  return row - within + (within < half ? 2 * within : 2 * (within - half) + 1);
}

} // namespace troupe::kernels
