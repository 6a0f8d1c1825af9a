#pragma once

#include "config/result.hpp"

#include <chrono>
#include <map>
#include <string>

namespace troupe::cli {

struct http_call {
  std::string method = "GET";
  std::string target; // "/v1/agents?limit=10"
  std::string body;   // JSON text
  std::map<std::string, std::string> headers;
  std::chrono::milliseconds timeout{30'000};
};

struct http_reply {
  int status = 0;
  std::string body;
  std::string correlation; // X-Correlation-Id
};

/// One node's HTTP API. Blocks; unavailable when nobody listens, timeout when nobody answers.
class http_transport {
public:
  virtual ~http_transport() = default;
  virtual result<http_reply> send(const http_call& call) = 0;
};

} // namespace troupe::cli
