#include "kernels/cpu/int8_backend.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

/// Panels that a thread takes at a time: some 64 KiB of weights, so that threads meet seldom and end
/// together.
std::size_t panels_per_part(const int8_matrix& by) {
  return std::max<std::size_t>(1, 65'536 / (by.blocks() * sizeof(int8_panel_block)));
}

} // namespace

int8_backend::int8_backend(const model_weights& model, std::size_t threads, instruction_set set)
    : kernel_(panel_kernel_of(set))
    , team_(threads) {
  for (const auto& layer : model.layers) {
    for (const auto* part : {&layer.query, &layer.key, &layer.value, &layer.output})
      pack(*part);
    for (const auto* part : {&layer.ffn.gate, &layer.ffn.up, &layer.ffn.down})
      pack(*part);
    for (const auto& expert : layer.experts)
      for (const auto* part : {&expert.gate, &expert.up, &expert.down})
        pack(*part);
  }
  pack(model.head);
}

void int8_backend::pack(const linear& part) {
  if (part.weight.empty())
    return;
  auto packed = int8_matrix::pack(part.weight);
  if (!packed)
    return;
  packed_bytes_ += packed->panels() * packed->blocks() * sizeof(int8_panel_block);
  packed_.emplace(&part, std::move(*packed));
}

activations int8_backend::apply(const linear& by, const activations& x) const {
  const auto found = packed_.find(&by);
  if (found == packed_.end())
    return kernels::apply(by, x);
  int8_rows rows(x.rows(), x.columns());
  for (std::size_t row = 0; row < x.rows(); ++row)
    quantise_row(x.row(row), rows, row);
  activations y(x.rows(), found->second.rows());
  multiply(found->second, rows, y);
  if (!by.bias.empty())
    for (std::size_t row = 0; row < y.rows(); ++row)
      add_scaled(y.row(row), 1, by.bias);
  return y;
}

void int8_backend::multiply(const int8_matrix& by, const int8_rows& x, activations& y) const {
  const auto step = panels_per_part(by);
  const auto parts = (by.panels() + step - 1) / step;
  team_.share(parts, [&](std::size_t part) {
    alignas(64) float out[token_tile][panel_rows];
    const auto last = std::min(by.panels(), (part + 1) * step);
    for (std::size_t panel = part * step; panel < last; ++panel)
      for (std::size_t first = 0; first < y.rows(); first += token_tile) {
        const auto count = std::min(token_tile, y.rows() - first);
        kernel_(by.panel(panel), x, first, count, out);
        const auto rows = std::min(panel_rows, y.columns() - panel * panel_rows);
        for (std::size_t token = 0; token < count; ++token)
          std::copy_n(out[token], rows,
                      y.row(first + token).begin() + static_cast<std::ptrdiff_t>(panel * panel_rows));
      }
  });
}

} // namespace troupe::kernels
