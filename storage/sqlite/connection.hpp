#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

struct sqlite3;

namespace troupe::storage {

class checked_vfs;

enum class access : std::uint8_t { read_write, read_only };

/// One SQLite connection, for one thread. Throws sql_error.
class connection {
public:
  connection(const std::filesystem::path& file, const checked_vfs& vfs, access mode, int cache_kib);

  /// Runs statements that return nothing of interest.
  void execute(const char* sql);

  /// The first column of the first row, as a number.
  std::int64_t number(const char* sql);

  /// Rows the last insert, update or delete touched.
  std::int64_t changes() const noexcept;

  /// Moves pages from the log into the main file without making writers wait; returns the bytes in the log,
  /// or 0 when all of it has been moved.
  std::int64_t checkpoint();

  /// The same, waits for readers and leaves an empty log.
  void checkpoint_and_truncate();

  /// Bytes in the log as of this connection's last commit.
  std::int64_t log_bytes() const noexcept;

  sqlite3* handle() const noexcept { return handle_.get(); }

private:
  struct closer {
    void operator()(sqlite3* db) const noexcept;
  };
  std::unique_ptr<std::int64_t> log_frames_ = std::make_unique<std::int64_t>(0); // SQLite holds its address
  std::unique_ptr<sqlite3, closer> handle_;
};

/// Rolls back unless committed.
class transaction {
public:
  enum class mode : std::uint8_t { read, write };
  transaction(connection& on, mode m);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  void commit();

private:
  connection& on_;
  bool open_ = true;
};

} // namespace troupe::storage
