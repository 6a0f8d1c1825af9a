#include "agents/floor/system_bank.hpp"

#include "runtime/base/object.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

namespace troupe::floor {
namespace {

constexpr milliseconds banks_think{30};

/// One line, one write, on disk before the bank answers.
bool append_line(const std::filesystem::path& file, const std::string& line) {
  int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0)
    return false;
  bool written =
      ::write(fd, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fdatasync(fd) == 0;
  ::close(fd);
  return written;
}

} // namespace

outcome simulated_bank::execute(const effect_request& request, const cancel_token&, progress_sink&) {
  auto line = object("key", request.idempotency_key, "request", json::parse(request.body, nullptr, false));
  if (!append_line(ledger_, line.dump() + '\n'))
    return outcome::failure("unavailable",
                            std::string("the bank's ledger cannot be written: ") + std::strerror(errno));
  std::this_thread::sleep_for(banks_think);
  return outcome::success(object("receipt", request.idempotency_key).dump());
}

} // namespace troupe::floor
