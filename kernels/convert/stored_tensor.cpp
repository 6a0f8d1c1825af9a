#include "kernels/convert/stored_tensor.hpp"

#include "kernels/files/quantize.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

/// Which row of the original stands at this place of the file.
std::uint64_t original_row(std::uint64_t place, row_order order) {
  if (order.paired_head == 0)
    return place;
  const auto within = place % order.paired_head;
  return place - within + (within % 2 == 0 ? within / 2 : order.paired_head / 2 + within / 2);
}

void append_rows(const matrix& from, dtype type, row_order order, std::vector<std::byte>& to) {
  std::vector<float> scratch(static_cast<std::size_t>(from.columns()));
  for (std::uint64_t place = 0; place < from.rows(); ++place) {
    const auto row = original_row(place, order);
    if (from.type() == type) {
      const auto bytes = from.stored_row(row);
      to.insert(to.end(), bytes.begin(), bytes.end());
      continue;
    }
    const auto bytes = quantize(type, from.row(row, scratch));
    to.insert(to.end(), bytes.begin(), bytes.end());
  }
}

} // namespace

dtype stored_type(const matrix& from, const std::optional<dtype>& wanted, bool blocks_allowed) {
  const auto type = wanted.value_or(from.type());
  const auto blocks = layout_of(type).block_elements;
  if (blocks > 1 && !blocks_allowed)
    return dtype::f32;
  return from.columns() % blocks == 0 ? type : dtype::f16;
}

tensor_source stored_matrix(std::string name, const matrix& from, dtype type, row_order order) {
  return {std::move(name),
          type,
          {from.rows(), from.columns()},
          [from, type, order]() -> result<std::vector<std::byte>> {
            std::vector<std::byte> bytes;
            append_rows(from, type, order, bytes);
            return bytes;
          }};
}

tensor_source stored_stack(std::string name, const std::vector<matrix>& from, dtype type) {
  return {std::move(name),
          type,
          {from.size(), from.front().rows(), from.front().columns()},
          [from, type]() -> result<std::vector<std::byte>> {
            std::vector<std::byte> bytes;
            for (const auto& one : from)
              append_rows(one, type, {}, bytes);
            return bytes;
          }};
}

tensor_source stored_numbers(std::string name, const std::vector<float>& from) {
  return {std::move(name), dtype::f32, {from.size()}, [from]() -> result<std::vector<std::byte>> {
            return quantize(dtype::f32, from);
          }};
}

} // namespace troupe::kernels
