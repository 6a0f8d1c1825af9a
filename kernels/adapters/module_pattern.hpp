#pragma once

#include "kernels/base/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace troupe::kernels {

/// A regular expression over module names, matched in linear time: adapters come from strangers.
class module_pattern {
public:
  static result<std::shared_ptr<const module_pattern>> compile(const std::string& expression);
  ~module_pattern();

  /// Whether the whole name matches.
  bool matches(std::string_view module) const;

private:
  explicit module_pattern(std::unique_ptr<re2::RE2> compiled);
  std::unique_ptr<re2::RE2> compiled_;
};

} // namespace troupe::kernels
