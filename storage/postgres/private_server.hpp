#pragma once

#include "config/result.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace troupe::storage {

/// A PostgreSQL of one's own: for `up --nodes N` without a configured server, and for tests. Its files lie in
/// a folder, it listens on a socket in there and on no port, and only the user who runs it may connect. As
/// root it runs as user postgres, for PostgreSQL refuses root.
class private_server {
public:
  struct options {
    std::filesystem::path directory;
    std::vector<std::string> settings; // "name=value", as in postgresql.conf
    int connections = 100;
  };

  /// Makes the database when there is none, and starts its server unless it runs already. unavailable:
  /// PostgreSQL is not installed, or does not start; the message ends with what it said.
  static result<private_server> start(options how);

  private_server(private_server&& other) noexcept;
  private_server& operator=(private_server&&) = delete;
  /// Stops the server.
  ~private_server();

  /// As postgres_options::server takes it.
  std::string address() const;
  /// The server's main process.
  int pid() const;

  result<void> stop();
  /// Without a farewell to its clients: what was committed is there after the next start.
  result<void> stop_at_once();
  result<void> start_again();
  /// Lets the server run on after this object is gone.
  void leave_running() noexcept { owned_ = false; }

private:
  explicit private_server(options how);
  result<void> make();
  result<void> control(const std::vector<std::string>& words) const;
  bool runs() const;

  options how_;
  std::filesystem::path data_;
  std::filesystem::path sockets_;
  std::filesystem::path programs_;
  bool owned_ = false;
};

} // namespace troupe::storage
