#pragma once

#include "kernels/base/result.hpp"
#include "kernels/pattern/character_set.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

namespace troupe::kernels {

inline constexpr std::uint32_t without_end = std::numeric_limits<std::uint32_t>::max();

enum class repetition : unsigned char { greedy, lazy, possessive };
enum class pattern_assertion : unsigned char {
  text_begin,
  text_end,
  text_end_or_newline,
  line_begin,
  line_end,
  word_edge,
  no_word_edge
};

/// A pattern as a tree.
struct pattern_node {
  enum class kind : unsigned char {
    set,
    sequence,
    choice,
    repeat,
    look_ahead,
    look_behind,
    atomic,
    assertion
  };

  kind what = kind::sequence; // an empty one matches nothing much
  std::vector<pattern_node> children;
  std::size_t set = 0; // its place in the list of sets
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  repetition how = repetition::greedy;
  pattern_assertion asserts = pattern_assertion::text_begin;
  bool negated = false; // of a look-around
};

struct parsed_pattern {
  pattern_node root;
  std::vector<character_set> sets; // sealed
};

/// Nesting is recursion here and in whoever walks the tree.
inline constexpr std::size_t pattern_depth_max = 64;
/// Published splitting patterns have some hundred bytes; the longest, with lists of characters, one kilobyte.
inline constexpr std::size_t pattern_bytes_max = 16 * 1024;
/// Counted repetition is unrolled.
inline constexpr std::uint32_t pattern_repeat_max = 1000;

result<parsed_pattern> parse_pattern(std::string_view source);

} // namespace troupe::kernels
