#include "kernels/model/weight_reader.hpp"

#include "kernels/files/dequantize.hpp"

namespace troupe::kernels {

weight_reader::weight_reader(std::string name, find_tensor find, std::shared_ptr<const void> holds)
    : name_(std::move(name))
    , find_(std::move(find))
    , holds_(std::move(holds)) {}

void weight_reader::fail_with(error e) {
  if (!failed_)
    failed_ = std::move(e);
}

/// Empty after a failure.
tensor_view weight_reader::take(const std::string& tensor, const std::vector<std::uint64_t>& shape) {
  if (failed_)
    return {};
  auto found = find_(tensor);
  if (!found) {
    fail_with(found.error());
    return {};
  }
  if (!is_weight(found->type)) {
    fail_with({fault::corrupt,
               name_ + ": tensor " + tensor + " holds " + std::string(name_of(found->type)) +
                   ", which no weights are",
               {}});
    return {};
  }
  if (found->shape != shape) {
    fail_with({fault::corrupt,
               name_ + ": tensor " + tensor + " has the shape " + text_of_shape(found->shape) + " where " +
                   text_of_shape(shape) + " is needed",
               {}});
    return {};
  }
  taken_.insert(tensor);
  return *found;
}

matrix weight_reader::rows(const std::string& tensor, std::uint64_t rows, std::uint64_t columns) {
  const auto view = take(tensor, {rows, columns});
  return failed_ ? matrix() : matrix(view, holds_);
}

matrix weight_reader::stacked(const std::string& tensor, std::uint64_t count, std::uint64_t rows,
                              std::uint64_t columns) {
  auto view = take(tensor, {count, rows, columns});
  view.shape = {count * rows, columns};
  return failed_ ? matrix() : matrix(view, holds_);
}

std::vector<float> weight_reader::numbers(const std::string& tensor, std::uint64_t count) {
  const auto view = take(tensor, {count});
  if (failed_)
    return {};
  std::vector<float> values(static_cast<std::size_t>(count));
  dequantize(view.type, view.bytes, values);
  return values;
}

linear weight_reader::linear_of(const std::string& prefix, std::uint64_t rows, std::uint64_t columns,
                                bool bias) {
  linear read;
  read.weight = this->rows(prefix + ".weight", rows, columns);
  if (bias)
    read.bias = numbers(prefix + ".bias", rows);
  return read;
}

norm_weights weight_reader::norm_of(const std::string& prefix, std::uint64_t width, bool shift) {
  norm_weights read;
  read.scale = numbers(prefix + ".weight", width);
  if (shift)
    read.shift = numbers(prefix + ".bias", width);
  return read;
}

} // namespace troupe::kernels
