#pragma once

#include "kernels/pattern/syntax.hpp"

namespace troupe::kernels {

struct pattern_step {
  enum class kind : unsigned char {
    one,        // a character of `set`
    many,       // `least` to `most` characters of `set`
    fork,       // go on at `to`, then at `other` if that fails
    jump,       // go on at `to`
    mark,       // remember the place in slot `least`
    progress,   // go on at `to` if the place is the one remembered in slot `least`
    look_ahead, // what stands up to `to` must (not) match here; then go on at `to`
    look_behind,
    back, // `least` characters to the left
    atomic,
    assertion,
    accept
  };

  kind what = kind::accept;
  repetition how = repetition::greedy;
  pattern_assertion asserts = pattern_assertion::text_begin;
  bool negated = false;
  std::uint32_t set = 0;
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  std::uint32_t to = 0;
  std::uint32_t other = 0;
};

/// A pattern as steps for the matcher.
struct pattern_program {
  std::vector<pattern_step> steps;
  std::vector<character_set> sets;
  std::uint32_t slots = 0;
};

/// Counted groups are unrolled, so a short source could ask for much.
inline constexpr std::size_t pattern_steps_max = 64 * 1024;

result<pattern_program> assemble(parsed_pattern parsed);

} // namespace troupe::kernels
