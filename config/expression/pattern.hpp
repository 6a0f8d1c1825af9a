#pragma once

#include "config/expression/problem.hpp"

#include <memory>
#include <string_view>
#include <tl/expected.hpp>

namespace troupe::expression {

/// A regular expression of RE2, ready for use; shared by copies.
class compiled_pattern {
public:
  /// The failure has no place yet.
  static tl::expected<compiled_pattern, problem> make(std::string_view text);

  /// Whether it is found anywhere in the text, in time linear in the text.
  bool found_in(std::string_view text) const;

private:
  struct program;
  explicit compiled_pattern(std::shared_ptr<const program> compiled) noexcept;
  std::shared_ptr<const program> compiled_;
};

} // namespace troupe::expression
