#pragma once

#include "kernels/cpu/attention.hpp"
#include "kernels/cpu/float_panel.hpp"
#include "kernels/cpu/int8_panel.hpp"
#include "kernels/cpu/row_functions.hpp"

namespace troupe::kernels {
namespace {

constexpr kernel_table table_of_lanes() {
  return {{int8_panel<byte_numbers, half_scale<byte_numbers>>,
           int8_panel<nibble_numbers, half_scale<nibble_numbers>>, int8_panel<byte_numbers, with_minimum>,
           int8_panel<nibble_numbers, with_minimum>, int8_panel<byte_numbers, scale_of_sixteen>,
           float_panel<half_precision>, float_panel<brain>, float_panel<whole>},
          shrink,
          expand,
          attend,
          normalise_rms,
          normalise_mean,
          quantise,
          gate,
          gelu,
          to_f16};
}

} // namespace
} // namespace troupe::kernels
