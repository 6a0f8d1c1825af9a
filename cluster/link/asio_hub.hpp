#pragma once

#include "cluster/link/handshake.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace troupe::cluster {

/// This node's links over TCP: it dials every peer once per lane for what it has to say and listens for what
/// they have. One thread; everything given to it runs there.
class asio_hub {
public:
  struct options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 0; // 0: a free one
    std::string cluster;
    node_epoch self = 0;
    std::string ca_file; // all three: mutual TLS, else plain, which is for one machine only
    std::string certificate_file;
    std::string key_file;
  };
  /// Called on the hub's thread.
  struct events {
    std::function<void(node_epoch from, link_lane on, std::string bytes)> received;
    std::function<void(node_epoch peer)> lost; // a standing control link broke
    std::function<bool(node_epoch peer)> lives;
    std::function<void(std::string level, std::string sentence)> log;
  };

  /// conflict: the port is taken; invalid: the certificates cannot be used.
  static result<std::unique_ptr<asio_hub>> open(options how, events tell);
  ~asio_hub();
  /// Ends its thread: nothing of it runs afterwards, what is posted waits for ever.
  void stop();

  const std::string& address() const noexcept; // host:port it listens on

  // Any thread.
  void post(std::function<void()> what);
  void after(milliseconds wait, std::function<void()> what);
  /// Whom to have links with; the others are dropped.
  void set_peers(std::map<node_epoch, std::string> addresses);
  void send(node_epoch to, link_lane on, std::string bytes);

private:
  struct parts;
  explicit asio_hub(std::unique_ptr<parts> made);
  std::unique_ptr<parts> parts_;
};

} // namespace troupe::cluster
