#include "kernels/train/frozen.hpp"

#include <algorithm>
#include <type_traits>
#include <vector>

namespace troupe::kernels::train {

namespace {

/// Numbers decoded at a time: four megabytes of floats, which a product's own blocking then walks through.
constexpr std::size_t panel_numbers = std::size_t{1} << 20;

/// The floats of all rows one after the other, where they are stored just so.
const float* in_place(const matrix& stored) {
  if (stored.type() != dtype::f32)
    return nullptr;
  std::vector<float> scratch(stored.columns());
  const float* first = stored.row(0, scratch).data();
  for (std::uint64_t r = 0; r < stored.rows(); ++r)
    if (stored.row(r, scratch).data() != first + r * stored.columns())
      return nullptr;
  return first;
}

} // namespace

template<class Real>
void for_each_panel(const matrix& stored, const std::function<void(std::size_t, block<const Real>)>& visit) {
  const std::size_t rows = stored.rows();
  const std::size_t columns = stored.columns();
  if constexpr (std::is_same_v<Real, float>) {
    if (const float* all = in_place(stored)) {
      visit(0, {all, rows, columns, columns});
      return;
    }
  }
  const std::size_t height = std::clamp<std::size_t>(panel_numbers / columns, 1, rows);
  std::vector<Real> panel(height * columns);
  std::vector<float> scratch(columns);
  for (std::size_t first = 0; first < rows; first += height) {
    const auto count = std::min(height, rows - first);
    for (std::size_t r = 0; r < count; ++r) {
      const auto row = stored.row(first + r, scratch);
      std::ranges::copy(row, panel.begin() + static_cast<std::ptrdiff_t>(r * columns));
    }
    visit(first, {panel.data(), count, columns, columns});
  }
}

template void for_each_panel(const matrix&, const std::function<void(std::size_t, block<const float>)>&);
template void for_each_panel(const matrix&, const std::function<void(std::size_t, block<const double>)>&);

} // namespace troupe::kernels::train
