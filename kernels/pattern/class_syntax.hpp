#pragma once

#include "kernels/pattern/character_set.hpp"
#include "kernels/pattern/reader.hpp"

#include <optional>

namespace troupe::kernels {

/// What a backslash and what follows it stand for.
struct pattern_escape {
  std::optional<char32_t> character;
  std::optional<character_set> set; // \d, \p{L} …
};

/// The reader stands behind the backslash. Assertions are the caller's.
result<pattern_escape> read_escape(pattern_reader& in);

/// The reader stands behind the opening bracket.
result<character_set> read_class(pattern_reader& in, bool ignore_case, std::size_t depth);

} // namespace troupe::kernels
