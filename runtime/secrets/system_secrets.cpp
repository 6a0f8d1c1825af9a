#include "runtime/secrets/system_secrets.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sodium.h>
#include <unistd.h>

namespace troupe {
namespace {

constexpr std::size_t secret_bytes_max = 64 * 1024; // a certificate chain with its key

tl::unexpected<error> no_key(const std::filesystem::path& file, const std::string& why) {
  return fail(fault::unavailable, "the key for secret references, " + file.string() + ", " + why);
}

result<secret_key> read_key(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  secret_key key{};
  if (!in || bytes.size() != key.size())
    return no_key(file, "is not the 32 bytes it should be");
  std::memcpy(key.data(), bytes.data(), key.size());
  return key;
}

/// Complete or not there: a crash in between leaves a file of another name.
result<void> write_key(const std::filesystem::path& file) {
  if (sodium_init() < 0)
    return no_key(file, "cannot be made: the system gives no random bytes");
  secret_key key{};
  randombytes_buf(key.data(), key.size());
  const auto draft = file.string() + ".new";
  ::unlink(draft.c_str());
  const int fd = ::open(draft.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0)
    return no_key(file, std::string("cannot be written: ") + std::strerror(errno));
  const bool written =
      ::write(fd, key.data(), key.size()) == static_cast<ssize_t>(key.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written || ::rename(draft.c_str(), file.c_str()) != 0)
    return no_key(file, std::string("cannot be written: ") + std::strerror(errno));
  return {};
}

std::optional<std::string> from_file(const std::string& folder, const std::string& name) {
  std::ifstream in(std::filesystem::path(folder) / name, std::ios::binary);
  if (folder.empty() || !in)
    return std::nullopt;
  std::string value(secret_bytes_max + 1, '\0');
  in.read(value.data(), static_cast<std::streamsize>(value.size()));
  value.resize(static_cast<std::size_t>(in.gcount()));
  if (value.ends_with('\n'))
    value.pop_back();
  if (value.ends_with('\r'))
    value.pop_back();
  return value;
}

std::optional<std::string> from_environment(const std::string& prefix, const std::string& name) {
  const char* value = prefix.empty() ? nullptr : std::getenv((prefix + name).c_str());
  return value ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace

result<secret_key> open_secret_key(const std::filesystem::path& folder) {
  const auto file = folder / "secrets.key";
  std::error_code ignored; // what cannot be made cannot be written to either, and that is told
  std::filesystem::create_directories(folder, ignored);
  if (!std::filesystem::exists(file, ignored))
    if (auto made = write_key(file); !made)
      return tl::unexpected(made.error());
  return read_key(file);
}

secret_source secrets_of_system(std::string folder, std::string prefix) {
  return [folder = std::move(folder),
          prefix = std::move(prefix)](const std::string& name) -> result<std::string> {
    auto value = from_file(folder, name);
    if (!value)
      value = from_environment(prefix, name);
    if (!value)
      return fail(fault::not_found, "this node has no secret " + name,
                  prefix.empty() ? "put it into a file of that name in secrets.dir"
                                 : "export " + prefix + name + "=…, or a file in secrets.dir");
    if (value->empty() || value->size() > secret_bytes_max)
      return fail(fault::invalid, "the secret " + name + " is empty or larger than 64 KiB");
    return *value;
  };
}

} // namespace troupe
