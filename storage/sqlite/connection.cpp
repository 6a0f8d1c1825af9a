#include "storage/sqlite/connection.hpp"

#include "storage/limits.hpp"
#include "storage/sqlite/checked_vfs.hpp"
#include "storage/sqlite/page_checksum.hpp"
#include "storage/sqlite/sql_error.hpp"
#include "storage/sqlite/statement.hpp"

#include <sqlite3.h>

namespace troupe::storage {
namespace {

constexpr std::int64_t frame_bytes = limits::page_bytes + 24;

void reserve_checksum(sqlite3* db) {
  int bytes = page_checksum::reserved_bytes;
  sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &bytes);
}

int note_log(void* frames, sqlite3*, const char*, int now) {
  *static_cast<std::int64_t*>(frames) = now;
  return SQLITE_OK;
}

} // namespace

void connection::closer::operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }

connection::connection(const std::filesystem::path& file, const checked_vfs& vfs, access mode,
                       int cache_kib) {
  const int flags =
      SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
      (mode == access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  sqlite3* raw = nullptr;
  const int rc = sqlite3_open_v2(file.c_str(), &raw, flags, vfs.name());
  handle_.reset(raw);
  if (rc != SQLITE_OK)
    throw sql_error(rc, raw ? sqlite3_errmsg(raw) : sqlite3_errstr(rc));
  reserve_checksum(raw);
  // A connection that closes because the disk failed must not touch the files again.
  sqlite3_db_config(raw, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  sqlite3_busy_timeout(raw, limits::busy_wait_ms);
  execute(("PRAGMA page_size=" + std::to_string(limits::page_bytes)).c_str());
  execute(("PRAGMA cache_size=-" + std::to_string(cache_kib)).c_str());
  // The log writer computes checksums in order: no frame may be written twice within a transaction.
  execute("PRAGMA cache_spill=OFF");
  execute("PRAGMA mmap_size=0");
  if (mode == access::read_only)
    return;
  execute("PRAGMA journal_mode=WAL");
  execute("PRAGMA synchronous=FULL");
  execute("PRAGMA wal_autocheckpoint=0");
  execute("PRAGMA secure_delete=OFF");
  sqlite3_wal_hook(raw, note_log, log_frames_.get());
}

void connection::execute(const char* sql) {
  const int rc = sqlite3_exec(handle(), sql, nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK)
    throw sql_error(rc, sqlite3_errmsg(handle()));
}

std::int64_t connection::number(const char* sql) {
  statement asked(*this, sql);
  auto row = asked.query();
  return row.next() ? row.number(0) : 0;
}

std::int64_t connection::changes() const noexcept { return sqlite3_changes64(handle()); }

std::int64_t connection::checkpoint() {
  int frames = 0;
  int moved = 0;
  const int rc = sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &frames, &moved);
  if (rc != SQLITE_OK && rc != SQLITE_BUSY)
    throw sql_error(rc, sqlite3_errmsg(handle()));
  return frames == moved ? 0 : frames * frame_bytes;
}

void connection::checkpoint_and_truncate() {
  const int rc = sqlite3_wal_checkpoint_v2(handle(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  if (rc != SQLITE_OK)
    throw sql_error(rc, sqlite3_errmsg(handle()));
}

std::int64_t connection::log_bytes() const noexcept { return *log_frames_ * frame_bytes; }

transaction::transaction(connection& on, mode m)
    : on_(on) {
  on_.execute(m == mode::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

transaction::~transaction() {
  if (open_)
    sqlite3_exec(on_.handle(), "ROLLBACK", nullptr, nullptr,
                 nullptr); // refused if SQLite rolled back already
}

void transaction::commit() {
  on_.execute("COMMIT");
  open_ = false;
}

} // namespace troupe::storage
