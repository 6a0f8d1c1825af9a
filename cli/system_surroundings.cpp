#include "cli/client/curl_transport.hpp"
#include "cli/serve/stop_signals.hpp"
#include "cli/surroundings.hpp"
#include "runtime/base/system_sources.hpp"

#include <csignal>
#include <filesystem>
#include <iostream>
#include <time.h>
#include <unistd.h>

extern char** environ; // NOLINT: POSIX gives it no header

namespace troupe::cli {

namespace {

std::map<std::string, std::string> read_environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals != text.npos)
      variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

bool process_lives(int pid) { return pid > 0 && (::kill(pid, 0) == 0 || errno == EPERM); }

/// Ctrl-C ends a command that only watches, as it ends any other: nothing here has to be tidied up.
bool pause_for(milliseconds span) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(span);
  timespec rest{};
  rest.tv_sec = seconds.count();
  rest.tv_nsec = std::chrono::nanoseconds(span - seconds).count();
  return ::nanosleep(&rest, nullptr) == 0;
}

} // namespace

surroundings system_surroundings(node_factory compose) {
  return {std::cout,
          std::cerr,
          std::cin,
          ::isatty(STDOUT_FILENO) == 1,
          ::isatty(STDERR_FILENO) == 1,
          read_environment(),
          std::filesystem::current_path().string(),
          ::getpid(),
          std::make_shared<system_clock_source>(),
          make_curl_transport,
          pause_for,
          process_lives,
          serve_until_signal,
          std::move(compose)};
}

} // namespace troupe::cli
