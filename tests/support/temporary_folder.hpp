#pragma once

#include <filesystem>

namespace troupe::testing {

/// A folder of its own, gone with the object. In memory, where there is enough of it: tests of stores are
/// about what is written, not about how long a disk takes. Any thread.
class temporary_folder {
public:
  temporary_folder();
  ~temporary_folder();
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  const std::filesystem::path& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace troupe::testing
