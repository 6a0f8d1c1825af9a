#pragma once

#include "config/result.hpp"

#include <filesystem>

namespace troupe::storage {

/// One process owns a data folder: an flock on DIR/lock, gone with the process however it ends.
class folder_lock {
public:
  /// conflict names the process that holds it, from DIR/node.json if that can be read.
  static result<folder_lock> take(const std::filesystem::path& directory);

  folder_lock(folder_lock&& other) noexcept;
  folder_lock& operator=(folder_lock&&) = delete;
  ~folder_lock();

private:
  explicit folder_lock(int descriptor) noexcept
      : descriptor_(descriptor) {}
  int descriptor_;
};

} // namespace troupe::storage
