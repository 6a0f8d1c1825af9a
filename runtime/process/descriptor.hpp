#pragma once

#include <unistd.h>
#include <utility>

namespace troupe {

/// A file descriptor with one owner, closed with it.
class descriptor {
public:
  explicit descriptor(int fd = -1) noexcept
      : fd_(fd) {}
  ~descriptor() { close(); }
  descriptor(descriptor&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    close();
    fd_ = std::exchange(other.fd_, -1);
    return *this;
  }
  int get() const noexcept { return fd_; }
  bool open() const noexcept { return fd_ >= 0; }
  void close() noexcept {
    if (fd_ >= 0)
      ::close(std::exchange(fd_, -1));
  }

private:
  int fd_;
};

} // namespace troupe
