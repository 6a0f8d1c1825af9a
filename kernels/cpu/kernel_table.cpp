#include "kernels/cpu/kernel_table.hpp"

namespace troupe::kernels {

const kernel_table& kernels_of(instruction_set set) noexcept {
  switch (set) {
  case instruction_set::portable:
    return portable_kernels;
  case instruction_set::avx2:
    return avx2_kernels;
  case instruction_set::avx512_vnni:
    return avx512_kernels;
  }
  return portable_kernels;
}

} // namespace troupe::kernels
