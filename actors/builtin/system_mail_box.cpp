#include "actors/builtin/mail_box.hpp"

#include "runtime/base/hash.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace troupe::builtin {
namespace {

constexpr std::size_t name_bytes_max = 128;

tl::unexpected<error> not_kept(const std::filesystem::path& file) {
  return fail(fault::unavailable,
              "the mail cannot be kept as " + file.string() + ": " + std::strerror(errno));
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return ::fdatasync(fd) == 0;
}

bool sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool done = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0)
    ::close(fd);
  return done;
}

} // namespace

std::string mail_box::name_of(std::string_view key) {
  const bool plain = !key.empty() && key.size() <= name_bytes_max && key.front() != '.' &&
                     std::all_of(key.begin(), key.end(), [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
                     });
  return plain ? std::string(key) : "key." + content_hash(key);
}

std::filesystem::path mail_box::file(std::string_view key, const char* ending) const {
  return folder_ / (name_of(key) + ending);
}

mail_box::state mail_box::look(std::string_view key) const {
  std::error_code ignored; // a folder that cannot be read is told when something is to be written
  if (std::filesystem::exists(file(key, ".eml"), ignored))
    return state::sent;
  return std::filesystem::exists(file(key, ".sending"), ignored) ? state::sending : state::unknown;
}

result<void> mail_box::begin(std::string_view key, std::string_view mail) const {
  std::error_code failed;
  std::filesystem::create_directories(folder_, failed);
  const auto target = file(key, ".sending");
  const auto draft = file(key, ".draft");
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0)
    return not_kept(target);
  const bool written = write_all(fd, mail);
  ::close(fd);
  if (!written || ::rename(draft.c_str(), target.c_str()) != 0 || !sync_folder(folder_))
    return not_kept(target);
  return {};
}

result<void> mail_box::finish(std::string_view key) const {
  const auto target = file(key, ".eml");
  if (::rename(file(key, ".sending").c_str(), target.c_str()) != 0 || !sync_folder(folder_))
    return not_kept(target);
  return {};
}

void mail_box::forget(std::string_view key) const { ::unlink(file(key, ".sending").c_str()); }

} // namespace troupe::builtin
