#pragma once

#include "config/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <utility>

namespace troupe::storage {

/// A file descriptor with pieces of equal size in it; what `two_slots` stands on.
class slot_file {
public:
  static result<slot_file> open(const std::filesystem::path& file);
  slot_file(slot_file&& other) noexcept;
  slot_file& operator=(slot_file&&) = delete;
  ~slot_file();

  result<void> write(const void* piece, std::size_t size, std::uint64_t place);
  /// How many bytes there were; empty: no such file.
  static result<std::optional<std::size_t>> read(const std::filesystem::path& file, void* into,
                                                 std::size_t size);
  static std::uint64_t sum(const void* piece, std::size_t size);

private:
  slot_file(int descriptor, std::filesystem::path name);
  int descriptor_;
  std::filesystem::path name_;
};

/// A side file with the newest `T` in it: two slots written in turn, each with its checksum, so that a torn
/// write leaves the one before. Never synced for its own sake: it may lag behind after a power failure.
/// `T::commits` grows with each write.
template<class T>
class two_slots {
public:
  /// What the file says; empty if there is none or neither slot is whole. fault::unavailable if it cannot be
  /// read.
  static result<std::optional<T>> read(const std::filesystem::path& file) {
    slot found[2]{};
    const auto got = slot_file::read(file, found, sizeof found);
    if (!got)
      return tl::unexpected(got.error());
    std::optional<T> newest;
    for (const slot& s : found)
      if (*got && s.sum == slot_file::sum(&s.value, sizeof s.value) &&
          (!newest || s.value.commits > newest->commits))
        newest = s.value;
    return newest;
  }

  /// Opens the file for writing, creating it if need be.
  static result<two_slots> open(const std::filesystem::path& file) {
    auto opened = slot_file::open(file);
    if (!opened)
      return tl::unexpected(opened.error());
    return two_slots(std::move(*opened));
  }

  result<void> write(const T& value) {
    const slot next{value, slot_file::sum(&value, sizeof value)};
    return file_.write(&next, sizeof next, value.commits % 2);
  }

private:
  struct slot {
    T value;
    std::uint64_t sum = 0;
  };
  static_assert(sizeof(slot) == sizeof(T) + 8, "the slot is written as it lies in memory");

  explicit two_slots(slot_file file)
      : file_(std::move(file)) {}
  slot_file file_;
};

} // namespace troupe::storage
