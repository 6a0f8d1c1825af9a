#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::testing {

/// What the fixture does with one request: bytes sent as they stand, each after its delay, then an ending.
struct scripted_answer {
  struct part {
    std::string bytes;
    std::chrono::milliseconds before{0};
  };
  enum class ending { keep, close, hang };

  std::vector<part> parts;
  ending end = ending::keep;
};

/// A complete answer with Content-Length. `headers`: lines without line ending.
scripted_answer json_answer(int status, std::string_view body, const std::vector<std::string>& headers = {});

/// An event stream of chunked pieces: one `data:` event for each text, complete with its last chunk.
scripted_answer stream_answer(const std::vector<std::string>& data);

/// The same without the last chunk: the connection closes in the middle.
scripted_answer cut_stream(const std::vector<std::string>& data);

/// Reads the request and never says anything.
scripted_answer silence();

struct seen_request {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers; // names in lower case
  std::string body;
};

/// An HTTP/1.1 server on a free port of 127.0.0.1, on a thread of its own. Answers with the script, in order;
/// the last answer serves every request after it. Stops with its owner, whatever its connections are doing.
class http_fixture {
public:
  explicit http_fixture(std::vector<scripted_answer> script);
  ~http_fixture();
  http_fixture(const http_fixture&) = delete;
  http_fixture& operator=(const http_fixture&) = delete;

  /// "http://127.0.0.1:PORT"
  std::string url() const;

  /// Every request read so far.
  std::vector<seen_request> seen() const;
  std::size_t connections() const;

private:
  struct server;
  std::unique_ptr<server> server_;
};

/// A port on 127.0.0.1 that refuses connections.
std::uint16_t closed_port();

} // namespace troupe::testing
