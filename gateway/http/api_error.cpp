#include "gateway/http/api_error.hpp"

#include "gateway/http/json_text.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

// One second is about a thousand commits: long enough for a queue to drain, short enough not to idle.
constexpr std::string_view retry_after_pressure = "1";
// A node that starts, drains or waits for its store takes longer to come back.
constexpr std::string_view retry_after_absence = "5";

void add_retry_after(http_response& response) {
  if (response.status == 429)
    response.headers.emplace_back("Retry-After", retry_after_pressure);
  if (response.status == 503)
    response.headers.emplace_back("Retry-After", retry_after_absence);
}

} // namespace

unsigned status_of(fault what) noexcept {
  switch (what) {
  case fault::invalid:
    return 400;
  case fault::not_found:
    return 404;
  case fault::conflict:
  case fault::canceled:
    return 409;
  case fault::refused:
    return 403;
  case fault::overloaded:
    return 429;
  case fault::unavailable:
  case fault::fenced:
    return 503;
  case fault::timeout:
    return 504;
  case fault::full:
    return 507;
  case fault::corrupt:
  case fault::internal:
    return 500;
  }
  return 500;
}

api_error to_api_error(const error& cause) {
  return {status_of(cause.what), std::string(to_string(cause.what)), cause.message, cause.hint, {}};
}

api_error bad_request(std::string message, std::string hint, std::string field) {
  return {400, "invalid", std::move(message), std::move(hint), std::move(field)};
}

http_response error_response(const api_error& what) {
  nlohmann::json inner{{"code", what.code}, {"message", what.message}, {"hint", what.hint}};
  if (!what.field.empty())
    inner["field"] = what.field;
  http_response response;
  response.status = what.status;
  response.body = json_text(nlohmann::json{{"error", std::move(inner)}});
  add_retry_after(response);
  return response;
}

http_response error_response(const error& cause) { return error_response(to_api_error(cause)); }

} // namespace troupe::gateway
