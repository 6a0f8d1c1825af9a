#include "kernels/base/mapped_file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace troupe::kernels {

namespace {

class descriptor {
public:
  explicit descriptor(int number)
      : number_(number) {}
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  ~descriptor() {
    if (number_ >= 0)
      ::close(number_);
  }
  int number() const noexcept { return number_; }

private:
  int number_;
};

tl::unexpected<error> system_failure(const std::string& doing, const std::string& path, int number) {
  const auto what = number == ENOENT || number == ENOTDIR ? fault::not_found : fault::unavailable;
  return fail(what, "cannot " + doing + " " + path + ": " + std::strerror(number));
}

result<std::size_t> size_of_regular(int file, const std::string& path) {
  struct stat about {};
  if (::fstat(file, &about) != 0)
    return system_failure("read", path, errno);
  if (!S_ISREG(about.st_mode))
    return fail(fault::invalid, path + " is no regular file");
  return static_cast<std::size_t>(about.st_size);
}

} // namespace

mapped_file::mapped_file(std::string path, std::span<const std::byte> bytes, std::unique_ptr<std::byte[]> own)
    : path_(std::move(path))
    , bytes_(bytes)
    , own_(std::move(own)) {}

mapped_file::~mapped_file() {
  if (!own_ && !bytes_.empty())
    ::munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

result<std::shared_ptr<const mapped_file>> mapped_file::open(const std::string& path) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0)
    return system_failure("open", path, errno);
  const auto size = size_of_regular(file.number(), path);
  if (!size)
    return fail(size);
  if (*size == 0)
    return std::shared_ptr<const mapped_file>(new mapped_file(path, {}, nullptr));
  void* at = ::mmap(nullptr, *size, PROT_READ, MAP_PRIVATE, file.number(), 0);
  if (at == MAP_FAILED)
    return system_failure("map", path, errno);
  const std::span bytes(static_cast<const std::byte*>(at), *size);
  return std::shared_ptr<const mapped_file>(new mapped_file(path, bytes, nullptr));
}

void mapped_file::release(std::span<const std::byte> part) const noexcept {
  if (own_ || part.empty())
    return;
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const auto first = (static_cast<std::size_t>(part.data() - bytes_.data()) + page - 1) / page * page;
  const auto last = static_cast<std::size_t>(part.data() + part.size() - bytes_.data()) / page * page;
  if (first < last) // whole pages alone: their edges belong to others too
    ::madvise(const_cast<std::byte*>(bytes_.data()) + first, last - first, MADV_DONTNEED);
}

std::shared_ptr<const mapped_file> mapped_file::of_bytes(std::string name, std::span<const std::byte> bytes) {
  auto own = std::make_unique<std::byte[]>(bytes.size());
  std::ranges::copy(bytes, own.get());
  const std::span<const std::byte> held(own.get(), bytes.size());
  return std::shared_ptr<const mapped_file>(new mapped_file(std::move(name), held, std::move(own)));
}

result<std::string> read_text_file(const std::string& path, std::size_t bytes_max) {
  const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.number() < 0)
    return system_failure("open", path, errno);
  const auto size = size_of_regular(file.number(), path);
  if (!size)
    return fail(size);
  if (*size > bytes_max)
    return fail(fault::refused, path + " has " + std::to_string(*size) + " bytes; at most " +
                                    std::to_string(bytes_max) + " are read");
  std::string text(*size, '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const auto got = ::read(file.number(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return system_failure("read", path, errno);
    if (got == 0)
      break; // it was shortened meanwhile
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

} // namespace troupe::kernels
