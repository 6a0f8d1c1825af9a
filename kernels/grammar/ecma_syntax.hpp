#pragma once

#include "kernels/base/result.hpp"
#include "kernels/grammar/terms.hpp"

namespace troupe::kernels::grammar {

/// An expression of ECMA 262, as JSON Schema has them, as a tree.
struct ecma_node {
  enum class kind : std::uint8_t { character, sequence, choice, repeat, begin, end, look_ahead };
  kind what = kind::sequence;
  bool negated = false; // of a look-ahead
  code_point_set set;
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  std::vector<ecma_node> children;
};

inline constexpr std::size_t ecma_bytes_max = 16 * 1024;
/// Nesting is recursion here and in whoever walks the tree.
inline constexpr std::size_t ecma_depth_max = 100;
inline constexpr std::uint32_t ecma_repeat_max = 100'000;

/// `invalid` with the place in it, or `refused` for what is no regular language or means different things
/// in different engines: back references, look-behind, word edges, inline flags.
result<ecma_node> parse_ecma(std::string_view source);

} // namespace troupe::kernels::grammar
