#pragma once

#include <memory>
#include <string>

namespace troupe::storage {

class disk_hook;

/// A SQLite VFS between one store and the disk: seals every page it writes, verifies every page it reads, in
/// the main file and in the write-ahead log. A page that is not what was written is SQLITE_IOERR_DATA, never
/// served. Must outlive every connection opened through it.
class checked_vfs {
public:
  /// `hook` may be null.
  explicit checked_vfs(disk_hook* hook);
  ~checked_vfs();
  checked_vfs(const checked_vfs&) = delete;
  checked_vfs& operator=(const checked_vfs&) = delete;

  /// What sqlite3_open_v2 wants as its VFS.
  const char* name() const noexcept;

private:
  struct registration;
  std::unique_ptr<registration> registered_;
};

} // namespace troupe::storage
