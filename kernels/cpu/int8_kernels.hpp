#pragma once

#include "kernels/cpu/instruction_set.hpp"
#include "kernels/cpu/int8_matrix.hpp"

namespace troupe::kernels {

/// The sixteen rows of a panel times `count` (at most `token_tile`) rows of activations from `first` on:
/// out[token][row].
///
/// For each block in order: sum = fma(float(exact integer dot), weight scale * activation scale, sum).
/// Nothing else decides about the bits, so every instruction set, batch and tile gives the same.
using panel_kernel = void (*)(std::span<const int8_panel_block> panel, const int8_rows& x, std::size_t first,
                              std::size_t count, float (*out)[panel_rows]);

void panel_portable(std::span<const int8_panel_block> panel, const int8_rows& x, std::size_t first,
                    std::size_t count, float (*out)[panel_rows]);
void panel_avx2(std::span<const int8_panel_block> panel, const int8_rows& x, std::size_t first,
                std::size_t count, float (*out)[panel_rows]);
void panel_avx512_vnni(std::span<const int8_panel_block> panel, const int8_rows& x, std::size_t first,
                       std::size_t count, float (*out)[panel_rows]);

panel_kernel panel_kernel_of(instruction_set set) noexcept;

} // namespace troupe::kernels
