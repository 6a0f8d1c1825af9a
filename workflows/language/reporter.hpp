#pragma once

#include "config/document/document.hpp"

#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace troupe::workflow {

/// Where the findings about one file go. One place has one finding: what an alias repeats is told once, and a
/// value that is wrong is not looked at again.
class reporter {
public:
  explicit reporter(config::diagnostics& found) noexcept
      : found_(found) {}

  /// The value cannot be used: readers treat it as if it were not there.
  void reject(const config::node& at, std::string_view code, std::string message, std::string hint = {});

  void error(const config::source& in, const config::range& where, std::string_view code, std::string message,
             std::string hint = {});
  void error(const config::node& at, std::string_view code, std::string message, std::string hint = {});
  void warning(const config::source& in, const config::range& where, std::string_view code,
               std::string message, std::string hint = {});

  /// With a second place that explains the first.
  void error(const config::node& at, std::string_view code, std::string message, std::string hint,
             const config::node& other, std::string note);

  bool rejected(const config::node& value) const;
  /// Something was already said about these bytes or a part of them.
  bool mentioned(const config::range& where) const;

  std::size_t errors() const noexcept { return errors_; }
  /// Further findings are only counted: they need no hint.
  bool full() const noexcept { return errors_ > limits::diagnostics_max; }

private:
  bool first_about(const config::range& where);

  config::diagnostics& found_;
  std::size_t errors_ = 0;
  std::set<std::pair<std::size_t, std::size_t>> places_; // of findings
  std::set<std::pair<std::size_t, std::size_t>> unusable_;
};

} // namespace troupe::workflow
