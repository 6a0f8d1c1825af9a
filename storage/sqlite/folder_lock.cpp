#include "storage/sqlite/folder_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace troupe::storage {
namespace {

/// " (process 4711)", or nothing when the other process left no note.
std::string holder(const std::filesystem::path& directory) {
  std::ifstream note(directory / "node.json");
  const auto parsed = nlohmann::json::parse(note, nullptr, false);
  if (!parsed.is_object() || !parsed.contains("pid") || !parsed["pid"].is_number_integer())
    return {};
  return " (process " + parsed["pid"].dump() + ")";
}

} // namespace

result<folder_lock> folder_lock::take(const std::filesystem::path& directory) {
  const auto file = directory / "lock";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(fault::unavailable, "cannot open " + file.string() + ": " + std::strerror(errno));
  folder_lock held(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    return held;
  if (errno != EWOULDBLOCK)
    return fail(fault::unavailable, "cannot lock " + file.string() + ": " + std::strerror(errno));
  return fail(fault::conflict, "another process" + holder(directory) + " uses " + directory.string(),
              "stop it, or give this one its own folder with --data");
}

folder_lock::folder_lock(folder_lock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

folder_lock::~folder_lock() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

} // namespace troupe::storage
