#pragma once

#include "config/result.hpp"
#include "gateway/http/dispatcher.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace troupe::gateway {

struct server_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 7070; // 0: any free one
  unsigned threads = 2;      // they only move bytes; the work is the node's
};

/// HTTP/1.1 on its own threads: keep-alive, pipelined requests answered in order, bounded in every direction.
class http_server {
public:
  /// Listens or says why not: refused for an address beyond this machine, conflict for a port in use.
  static result<std::unique_ptr<http_server>> start(const server_settings& settings,
                                                    const dispatcher& behind);
  ~http_server(); // ends every connection at once

  std::uint16_t port() const noexcept;
  std::string url() const;
  std::size_t connections() const noexcept;

  /// Takes no more connections, lets running requests finish and closes idle ones; returns when all are gone
  /// or `limit` has passed. True if nobody had to be cut off.
  bool drain(std::chrono::milliseconds limit);

private:
  class listener;
  explicit http_server(std::unique_ptr<listener> inside);
  std::unique_ptr<listener> inside_;
};

} // namespace troupe::gateway
