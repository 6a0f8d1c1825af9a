#include "kernels/cpu/lanes_avx512.hpp"
// The kernels are written over the lanes, so they come behind them.
#include "kernels/cpu/table_of_lanes.hpp"

namespace troupe::kernels {

const kernel_table avx512_kernels = table_of_lanes();

} // namespace troupe::kernels
