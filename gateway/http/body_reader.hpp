#pragma once

#include "gateway/http/api_error.hpp"
#include "gateway/http/limits.hpp"

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::gateway {

/// Reads the fields of a body one by one and remembers the first problem; `finish` also refuses by name what
/// nobody asked for. An empty text stands for `{}`.
class body_reader {
public:
  body_reader(std::string_view text, const http_limits& limits);
  ~body_reader();
  body_reader(const body_reader&) = delete;
  body_reader& operator=(const body_reader&) = delete;

  std::string required_text(std::string_view name, std::size_t bytes_max);
  std::string optional_text(std::string_view name, std::size_t bytes_max);
  /// Absent: nothing was said.
  std::optional<bool> flag(std::string_view name);
  /// JSON text of whatever stands there; absent: `null`.
  std::string value(std::string_view name);

  /// The first problem, if there was one.
  std::optional<api_error> finish();

private:
  const nlohmann::json* take(std::string_view name);
  std::string text_of(const nlohmann::json& value, std::string_view name, std::size_t bytes_max);
  void note(api_error problem);

  std::unique_ptr<nlohmann::json> body_;
  std::vector<std::string> known_;
  std::optional<api_error> problem_;
};

} // namespace troupe::gateway
