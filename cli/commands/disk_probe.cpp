#include "cli/commands/disk_probe.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <unistd.h>

namespace troupe::cli {

namespace fs = std::filesystem;
using clock = std::chrono::steady_clock;

namespace {

constexpr std::size_t block_bytes = 4096; // a page of the journal

/// A file that is gone when the probe is.
class probe_file {
public:
  explicit probe_file(std::string path)
      : path_(std::move(path))
      , descriptor_(::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600)) {}
  ~probe_file() {
    if (descriptor_ < 0)
      return;
    ::close(descriptor_);
    ::unlink(path_.c_str());
  }
  probe_file(const probe_file&) = delete;
  probe_file& operator=(const probe_file&) = delete;

  bool is_open() const noexcept { return descriptor_ >= 0; }
  bool append_durably(const std::array<char, block_bytes>& block) const {
    return ::write(descriptor_, block.data(), block.size()) == static_cast<ssize_t>(block.size()) &&
           ::fdatasync(descriptor_) == 0;
  }

private:
  std::string path_;
  int descriptor_;
};

tl::unexpected<error> cannot_write(const std::string& folder) {
  return fail(fault::unavailable, "cannot write to " + folder + ": " + std::strerror(errno),
              "check the rights and space of the folder, or choose another with --data");
}

} // namespace

std::chrono::microseconds percentile(const latencies& sorted, double share) {
  if (sorted.empty())
    return {};
  const auto last = static_cast<double>(sorted.size() - 1);
  return sorted[static_cast<std::size_t>(std::lround(last * share))];
}

result<latencies> measure_fdatasync(const std::string& folder, std::size_t writes) {
  const probe_file file((fs::path(folder) / (".probe-" + std::to_string(::getpid()))).string());
  if (!file.is_open())
    return cannot_write(folder);
  const std::array<char, block_bytes> block{};
  latencies times;
  for (std::size_t i = 0; i < writes; ++i) {
    const auto begun = clock::now();
    if (!file.append_durably(block))
      return cannot_write(folder);
    times.push_back(std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - begun));
  }
  std::ranges::sort(times);
  return times;
}

result<std::uint64_t> free_bytes(const std::string& folder) {
  std::error_code problem;
  const auto space = fs::space(folder, problem);
  if (problem)
    return fail(fault::not_found, "cannot look at " + folder + ": " + problem.message(),
                "troupe up creates it");
  return space.available;
}

} // namespace troupe::cli
