#include "kernels/cpu/instruction_set.hpp"

namespace troupe::kernels {

std::string_view name_of(instruction_set set) noexcept {
  constexpr std::string_view names[] = {"portable", "avx2", "avx512_vnni"};
  return names[static_cast<std::size_t>(set)];
}

std::vector<instruction_set> available_instruction_sets() {
  std::vector<instruction_set> sets{instruction_set::portable};
  __builtin_cpu_init();
  // Every CPU with AVX2 has half precision conversions; clang 16 does not know how to ask for them.
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    sets.push_back(instruction_set::avx2);
  if (sets.size() == 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512vnni"))
    sets.push_back(instruction_set::avx512_vnni);
  return sets;
}

} // namespace troupe::kernels
