#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::kernels {

/// Lets text through up to the first of some stop strings, and holds back what may be the beginning of one.
class stop_matcher {
public:
  explicit stop_matcher(std::vector<std::string> stops);

  /// What can be shown now. Nothing more comes once one has been found.
  std::string feed(std::string_view piece);
  /// The text is over: what was held back is no stop string after all.
  std::string finish();

  /// The stop string that was found; empty if none was.
  const std::string& found() const noexcept { return found_; }

private:
  std::size_t held_from() const;

  std::vector<std::string> stops_; // without empty ones
  std::string held_;
  std::string found_;
};

} // namespace troupe::kernels
