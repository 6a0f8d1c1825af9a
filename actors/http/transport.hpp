#pragma once

#include "runtime/base/time.hpp"
#include "runtime/effects/executor.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::http {

/// One HTTP request.
struct http_call {
  std::string method = "POST";
  std::string url;
  std::string content_type = "application/json"; // empty: there is no body
  std::string accept = "application/json, text/event-stream";
  std::vector<std::string> headers; // "Name: value"; may hold a key, so never printed
  std::string body;
  milliseconds connect{5'000};     // until the connection stands, TLS included
  milliseconds first_byte{60'000}; // until the first byte of the answer's body
  milliseconds idle{60'000};       // between two bytes after that
  milliseconds total{120'000};
  std::size_t answer_bytes = 0; // the most of it that is taken
  bool wants_headers = false;   // of the answer
};

/// What went wrong below HTTP.
enum class http_fault {
  none,
  unreachable, // no connection: nothing has been sent
  untrusted,   // TLS: the other side could not prove who it is
  cut,         // the connection ended before the answer did
  slow,        // connected, but no byte came in time, or none any more
  late,        // the total time is up
  too_large,
  canceled,
  refused // the call itself cannot be made, a bad URL for one
};

struct http_answer {
  http_fault fault = http_fault::none;
  std::string problem; // words for `fault`
  long status = 0;
  std::string retry_after;                                  // the header, if there
  std::string body;                                         // unless it went to the stream
  std::vector<std::pair<std::string, std::string>> headers; // names in lower case; if they were wanted
};

/// Takes a body as it comes. False ends the transfer; that is no fault.
using stream_sink = std::function<bool(std::string_view bytes)>;

/// Makes HTTP calls. Blocking, from several threads at once; follows no redirects.
class http_transport {
public:
  virtual ~http_transport() = default;

  /// A 200 with content type text/event-stream goes to `stream` if there is one; any other answer to `body`.
  virtual http_answer send(const http_call& call, const cancel_token& canceled,
                           const stream_sink& stream) = 0;
};

} // namespace troupe::http
