#include "actors/http/curl_url.hpp"

#include <curl/curl.h>
#include <memory>

namespace troupe::http {
namespace {

struct url_closer {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};
using url_handle = std::unique_ptr<CURLU, url_closer>;

url_handle parse(const std::string& url) {
  url_handle made(curl_url());
  if (made && curl_url_set(made.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK)
    made.reset();
  return made;
}

/// Empty when the part is not there.
std::string part(const url_handle& of, CURLUPart which, unsigned flags = CURLU_DEFAULT_PORT) {
  char* text = nullptr;
  if (curl_url_get(of.get(), which, &text, flags) != CURLUE_OK)
    return {};
  std::string made(text);
  curl_free(text);
  return made;
}

} // namespace

std::optional<url_origin> origin_of(const std::string& url) {
  const auto read = parse(url);
  if (!read || !part(read, CURLUPART_USER).empty() || !part(read, CURLUPART_PASSWORD).empty())
    return std::nullopt;
  url_origin made{part(read, CURLUPART_SCHEME), part(read, CURLUPART_HOST), part(read, CURLUPART_PORT)};
  if ((made.scheme != "http" && made.scheme != "https") || made.host.empty())
    return std::nullopt;
  return made;
}

std::optional<std::string> resolve_url(const std::string& base, const std::string& location) {
  const auto read = parse(base);
  if (!read || curl_url_set(read.get(), CURLUPART_URL, location.c_str(), 0) != CURLUE_OK)
    return std::nullopt;
  return part(read, CURLUPART_URL, 0);
}

} // namespace troupe::http
