#pragma once

#include <optional>
#include <string>

namespace troupe::http {

/// The parts of an http or https URL that decide who is spoken to.
struct url_origin {
  std::string scheme; // http or https
  std::string host;
  std::string port; // the scheme's own when none is given
  bool operator==(const url_origin&) const = default;
};

/// Nothing when it is no URL, another scheme, or holds a user name or password.
std::optional<url_origin> origin_of(const std::string& url);

/// Where a `Location` leads from `base`. Nothing when it is no URL.
std::optional<std::string> resolve_url(const std::string& base, const std::string& location);

} // namespace troupe::http
