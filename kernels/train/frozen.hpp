#pragma once

#include "kernels/model/matrix.hpp"
#include "kernels/train/grid.hpp"

#include <functional>

namespace troupe::kernels::train {

/// Visits a stored matrix in blocks of whole rows, decoded to Real: `visit(first row, block)`. Stored floats
/// are visited in place, so a frozen base costs no second copy, and a quantised one a few megabytes.
template<class Real>
void for_each_panel(const matrix& stored,
                    const std::function<void(std::size_t first, block<const Real> rows)>& visit);

extern template void for_each_panel(const matrix&,
                                    const std::function<void(std::size_t, block<const float>)>&);
extern template void for_each_panel(const matrix&,
                                    const std::function<void(std::size_t, block<const double>)>&);

} // namespace troupe::kernels::train
