#include "kernels/cpu/lanes_portable.hpp"
// The kernels are written over the lanes, so they come behind them.
#include "kernels/cpu/table_of_lanes.hpp"

namespace troupe::kernels {

const kernel_table portable_kernels = table_of_lanes();

} // namespace troupe::kernels
