#pragma once

#include "gateway/http/api_error.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::gateway {

/// Reads query parameters one by one and remembers the first problem; `finish` also refuses by name what
/// nobody asked for: a misspelt filter must not look like an answer.
class query_reader {
public:
  explicit query_reader(const named_values& query)
      : query_(query) {}

  std::string text(std::string_view name, std::size_t bytes_max);
  /// A whole number in [1, most].
  std::size_t count(std::string_view name, std::size_t otherwise, std::size_t most);
  /// Seconds, also with a fraction ("0.5"), as milliseconds; absent: zero.
  std::chrono::milliseconds seconds(std::string_view name, std::chrono::milliseconds most);

  std::optional<api_error> finish();

private:
  std::optional<std::string_view> take(std::string_view name);
  void note(api_error problem);

  const named_values& query_;
  std::vector<std::string> known_;
  std::optional<api_error> problem_;
};

} // namespace troupe::gateway
