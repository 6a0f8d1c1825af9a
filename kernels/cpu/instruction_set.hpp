#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// What a kernel may use. Each has an implementation of its own; all give the same bits.
enum class instruction_set : std::uint8_t {
  portable,
  avx2,       // with FMA and F16C
  avx512_vnni // with BW and VL
};

std::string_view name_of(instruction_set set) noexcept;

/// The sets of this machine, the best one last.
std::vector<instruction_set> available_instruction_sets();

} // namespace troupe::kernels
