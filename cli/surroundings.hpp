#pragma once

#include "cli/client/http_transport.hpp"
#include "cli/serve/hosted_node.hpp"
#include "runtime/base/time.hpp"

#include <chrono>
#include <functional>
#include <iosfwd>
#include <map>
#include <memory>
#include <string>

namespace troupe::cli {

/// All of the machine that a command may touch, as values and functions: tests hand in their own.
struct surroundings {
  std::ostream& out; // data
  std::ostream& err; // everything else
  std::istream& in;
  bool out_is_terminal = false;
  bool err_is_terminal = false;
  std::map<std::string, std::string> environment;
  std::string directory; // where relative paths begin
  int pid = 0;
  std::shared_ptr<clock_source> clock;

  std::function<std::unique_ptr<http_transport>(const std::string& url)> connect;
  /// Waits; false once the person at the terminal wants to stop.
  std::function<bool(std::chrono::milliseconds)> pause;
  std::function<bool(int pid)> process_lives;
  /// Blocks until somebody asks the process to stop, then runs `drain` and returns. `reload` is run, and must
  /// not take long, whenever somebody asks it to read its files again.
  std::function<void(const std::function<void()>& drain, const std::function<void()>& reload)> serve;
  node_factory compose;
};

/// The process as it runs.
surroundings system_surroundings(node_factory compose);

} // namespace troupe::cli
