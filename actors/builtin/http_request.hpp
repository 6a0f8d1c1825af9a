#pragma once

#include "actors/builtin/arguments.hpp"
#include "actors/http/transport.hpp"

#include <optional>
#include <string>

namespace troupe::builtin {

/// One request as a step describes it, ready for the transport.
struct http_request {
  http::http_call call;
  std::optional<milliseconds> timeout;
};

/// `verb` is http.request, http.get or http.post. Refuses other schemes than http and https, credentials in
/// the URL, header lines that could split, and headers that the client writes itself.
result<http_request> make_http_request(std::string_view verb, const arguments& with);

/// What each verb takes.
result<arguments> read_http_arguments(std::string_view verb, std::string_view text);

} // namespace troupe::builtin
