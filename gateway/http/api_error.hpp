#pragma once

#include "config/result.hpp"
#include "gateway/http/message.hpp"

#include <string>

namespace troupe::gateway {

/// What the outside is told when something did not work. `code` is stable; programs switch over it.
struct api_error {
  unsigned status = 500;
  std::string code;
  std::string message;
  std::string hint;
  std::string field; // the body field, parameter or header at fault, if one is
};

template<class T>
using checked = tl::expected<T, api_error>;

/// The status and code of a fault, the same on every route.
unsigned status_of(fault what) noexcept;
api_error to_api_error(const error& cause);

/// 400: the request is wrong; `field` names where.
api_error bad_request(std::string message, std::string hint = {}, std::string field = {});

/// {"error": {code, message, hint, field?}}, with Retry-After where trying again may help.
http_response error_response(const api_error& what);
http_response error_response(const error& cause);

} // namespace troupe::gateway
