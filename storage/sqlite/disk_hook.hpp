#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace troupe::storage {

enum class disk_file : std::uint8_t { database, wal };

/// What a test does to one write or sync: `code` is a SQLite result code (0: let it through). With an error,
/// `written` bytes reach the file first, as a disk that fills up in the middle of a write does.
struct disk_verdict {
  int code = 0;
  std::size_t written = 0;
};

/// Stands between SQLite and the disk. Production has none. Called on the thread that writes; may take its
/// time.
class disk_hook {
public:
  virtual ~disk_hook() = default;
  virtual disk_verdict before_write(disk_file file, std::int64_t offset,
                                    std::span<const std::uint8_t> what) = 0;
  virtual void before_truncate(disk_file file, std::int64_t size) = 0;
  virtual int before_sync(disk_file file) = 0;
};

} // namespace troupe::storage
