#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::gateway {

enum class http_method : std::uint8_t { get, head, post, put, patch, del, options, other };

std::string_view to_string(http_method m) noexcept;
http_method method_named(std::string_view name) noexcept;

using named_values = std::vector<std::pair<std::string, std::string>>;

/// A request as it arrived, before anything about it has been checked.
struct raw_request {
  http_method method = http_method::get;
  std::string target;
  named_values headers; // names in lower case
  std::string body;
  std::string peer; // address:port
};

/// A request that passed the door: routed, decoded, its origin checked.
struct http_request {
  http_method method = http_method::get;
  std::string route; // the template that matched
  std::string path;
  named_values params; // of the path template, decoded
  named_values query;  // decoded, names unique
  named_values headers;
  std::string body;
  std::string correlation; // given by the client or drawn by us; never empty

  const std::string&
  param(std::string_view name) const; // a template's own parameter; unknown names are a defect
  std::string_view header(std::string_view name) const; // empty when absent
};

/// A body that goes on, as server-sent events. The connection asks for each piece, so that a slow reader
/// slows its source.
class event_stream {
public:
  virtual ~event_stream() = default;
  /// Calls `give` once, on any thread: a piece; empty text when there is nothing yet; nothing at its end.
  virtual void next(std::function<void(std::optional<std::string>)> give) = 0;
};

struct http_response {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  named_values headers;
  std::shared_ptr<event_stream> events = {}; // then `body` is empty
};

/// Called exactly once, on any thread.
using responder = std::function<void(http_response)>;

/// First value under a name in lower case, if any.
std::optional<std::string_view> find_value(const named_values& values, std::string_view name) noexcept;

} // namespace troupe::gateway
