#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace troupe::kernels::train {

/// Part of a grid: every `stride` numbers a row begins.
template<class Real>
struct block {
  Real* at = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t stride = 0;

  block part(std::size_t row, std::size_t row_count, std::size_t column, std::size_t column_count) const {
    return {at + row * stride + column, row_count, column_count, stride};
  }
  operator block<const Real>() const { return {at, rows, columns, stride}; }
};

/// Rows of numbers, one for each token. Training computes in float; the tests of its gradients in double.
template<class Real>
class grid {
public:
  grid() = default;
  grid(std::size_t rows, std::size_t columns)
      : rows_(rows)
      , columns_(columns)
      , values_(rows * columns) {}

  std::size_t rows() const noexcept { return rows_; }
  std::size_t columns() const noexcept { return columns_; }
  bool empty() const noexcept { return values_.empty(); }
  std::span<Real> row(std::size_t index) { return std::span(values_).subspan(index * columns_, columns_); }
  std::span<const Real> row(std::size_t index) const {
    return std::span(values_).subspan(index * columns_, columns_);
  }
  std::span<Real> values() { return values_; }
  std::span<const Real> values() const { return values_; }
  block<Real> all() { return {values_.data(), rows_, columns_, columns_}; }
  block<const Real> all() const { return {values_.data(), rows_, columns_, columns_}; }
  block<Real> rows_between(std::size_t begin, std::size_t end) {
    return all().part(begin, end - begin, 0, columns_);
  }
  block<const Real> rows_between(std::size_t begin, std::size_t end) const {
    return all().part(begin, end - begin, 0, columns_);
  }

private:
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::vector<Real> values_;
};

template<class Real>
void add(std::span<Real> to, std::span<const Real> from) {
  for (std::size_t i = 0; i < to.size(); ++i)
    to[i] += from[i];
}

} // namespace troupe::kernels::train
