#include "bench/journal/floor.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <sqlite3.h>
#include <string>
#include <unistd.h>

namespace troupe::bench {
namespace {

using clock = std::chrono::steady_clock;

constexpr std::size_t blocks = 256;

void execute(sqlite3* db, const char* sql) {
  ensure(sqlite3_exec(db, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(db));
}

} // namespace

latencies::latencies(std::vector<micros> all)
    : sorted_(std::move(all)) {
  ensure(!sorted_.empty(), "something was measured");
  std::sort(sorted_.begin(), sorted_.end());
}

micros latencies::at(double quantile) const {
  const auto last = static_cast<double>(sorted_.size() - 1);
  return sorted_[static_cast<std::size_t>(quantile * last)];
}

latencies sync_loop(const std::filesystem::path& folder, std::chrono::milliseconds how_long) {
  const auto file = folder / "sync.loop";
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  ensure(descriptor >= 0, "the benchmark's folder can be written");
  std::array<char, 4'096> block{};
  for (std::size_t i = 0; i < blocks; ++i)
    ensure(::pwrite(descriptor, block.data(), block.size(), static_cast<off_t>(i * block.size())) > 0,
           "room");
  ::fsync(descriptor);
  std::vector<micros> taken;
  const auto end = clock::now() + how_long;
  for (std::size_t i = 0; clock::now() < end; ++i) {
    const auto begun = clock::now();
    block[0] = static_cast<char>(i);
    const auto at = static_cast<off_t>(i % blocks * block.size());
    ensure(::pwrite(descriptor, block.data(), block.size(), at) > 0 && ::fdatasync(descriptor) == 0,
           "the disk works");
    taken.push_back(clock::now() - begun);
  }
  ::close(descriptor);
  std::filesystem::remove(file);
  return latencies(std::move(taken));
}

double sqlite_rows_per_second(const std::filesystem::path& folder, std::size_t batch, std::size_t row_bytes,
                              std::chrono::milliseconds how_long) {
  const auto file = folder / "floor.db";
  std::filesystem::remove(file);
  sqlite3* db = nullptr;
  ensure(sqlite3_open(file.c_str(), &db) == SQLITE_OK, "SQLite opens a database");
  execute(
      db,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t(id INTEGER PRIMARY KEY, body BLOB)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(db, "INSERT INTO t(body) VALUES(?1)", -1, &insert, nullptr);
  const std::string body(row_bytes, 'x');
  std::size_t rows = 0;
  const auto begun = clock::now();
  while (clock::now() < begun + how_long) {
    execute(db, "BEGIN");
    for (std::size_t i = 0; i < batch; ++i, ++rows) {
      sqlite3_bind_blob(insert, 1, body.data(), static_cast<int>(body.size()), SQLITE_STATIC);
      ensure(sqlite3_step(insert) == SQLITE_DONE, "SQLite inserts");
      sqlite3_reset(insert);
    }
    execute(db, "COMMIT");
  }
  const std::chrono::duration<double> taken = clock::now() - begun;
  sqlite3_finalize(insert);
  sqlite3_close(db);
  std::filesystem::remove(file);
  return static_cast<double>(rows) / taken.count();
}

} // namespace troupe::bench
