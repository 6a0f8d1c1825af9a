#pragma once

#include "kernels/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

struct pattern_program;

/// A place in a text, in bytes.
struct text_span {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool operator==(const text_span&) const = default;
};

/// A regular expression over UTF-8 with the syntax that tokenizer.json files use (Oniguruma's): categories
/// and scripts, classes within classes, look-around, atomic groups, possessive and lazy repetition, inline
/// flags. Alternatives are tried in order, the first that leads to a match wins. No captures, no back
/// references.
class pattern {
public:
  /// `invalid` with the place in the source, or `refused` for what is beyond this engine or its limits.
  static result<pattern> compile(std::string_view source);

  /// The leftmost match that begins at or after `from`. `refused` if the search takes too many steps:
  /// patterns come from files, and some take exponential time.
  result<std::optional<text_span>> find(std::string_view text, std::size_t from) const;

  /// All of them, from left to right, none overlapping; an empty one never touches the end of the one before.
  result<std::vector<text_span>> find_all(std::string_view text) const;

  const std::string& source() const noexcept { return source_; }

private:
  pattern(std::string source, std::shared_ptr<const pattern_program> program);

  std::string source_;
  std::shared_ptr<const pattern_program> program_; // immutable, so copies may share it
};

} // namespace troupe::kernels
