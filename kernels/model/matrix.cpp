#include "kernels/model/matrix.hpp"

#include "kernels/base/result.hpp"
#include "kernels/files/dequantize.hpp"

namespace troupe::kernels {

namespace {

bool is_aligned_float(const std::byte* at) {
  return reinterpret_cast<std::uintptr_t>(at) % alignof(float) == 0;
}

} // namespace

matrix::matrix(const tensor_view& stored, std::shared_ptr<const void> holds)
    : type_(stored.type)
    , rows_(stored.shape.at(0))
    , columns_(stored.shape.at(1))
    , row_bytes_(bytes_of(stored.type, stored.shape.at(1)).value())
    , bytes_(stored.bytes.data())
    , holds_(std::move(holds)) {
  ensure(stored.shape.size() == 2 && rows_ * row_bytes_ == stored.bytes.size(),
         "a matrix has its rows' bytes");
}

matrix::matrix(std::uint64_t rows, std::uint64_t columns, std::vector<float> values)
    : rows_(rows)
    , columns_(columns)
    , row_bytes_(columns * sizeof(float)) {
  ensure(values.size() == rows * columns, "a matrix has its rows' numbers");
  const auto own = std::make_shared<const std::vector<float>>(std::move(values));
  bytes_ = std::as_bytes(std::span(*own)).data();
  holds_ = own;
}

matrix matrix::rows_between(std::uint64_t first, std::uint64_t count) const {
  ensure(first + count <= rows_ && paired_head_ == 0, "a part of a matrix lies within it");
  auto part = *this;
  part.bytes_ += first * row_bytes_;
  part.rows_ = count;
  return part;
}

matrix matrix::with_halves_apart(std::uint32_t head_size) const {
  ensure(head_size % 2 == 0 && head_size > 0 && rows_ % head_size == 0, "rows are whole heads");
  auto apart = *this;
  apart.paired_head_ = head_size;
  return apart;
}

std::span<const std::byte> matrix::stored_row(std::uint64_t index) const {
  const auto at = paired_head_ == 0 ? index : paired_row(index, paired_head_);
  return {bytes_ + at * row_bytes_, static_cast<std::size_t>(row_bytes_)};
}

std::span<const float> matrix::row(std::uint64_t index, std::span<float> scratch) const {
  const auto stored = stored_row(index);
  if (type_ == dtype::f32 && is_aligned_float(stored.data()))
    return {reinterpret_cast<const float*>(stored.data()), static_cast<std::size_t>(columns_)};
  dequantize(type_, stored, scratch.first(static_cast<std::size_t>(columns_)));
  return scratch.first(static_cast<std::size_t>(columns_));
}

} // namespace troupe::kernels
