#include "storage/sqlite/open.hpp"

#include "storage/sqlite/schema.hpp"
#include "storage/sqlite/sql_error.hpp"
#include "storage/sqlite/sqlite_store.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sqlite3.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace troupe::storage {
namespace {

constexpr const char* loss_hint =
    "restore a backup, or go on without what is lost: troupe doctor --accept-store-loss";

std::uintmax_t size_of(const std::filesystem::path& file) {
  std::error_code none;
  const auto size = std::filesystem::file_size(file, none);
  return none ? 0 : size;
}

/// SQLite takes an empty main file for a new database and deletes its log: that must not happen to a lost
/// one.
result<void> check_files(const sqlite_options& options, const std::optional<commit_mark>& side) {
  const auto file = options.directory / "troupe.db";
  if (size_of(file) > 0 || options.accept_loss)
    return {};
  if (side || size_of(options.directory / "troupe.db-wal") > 0)
    return fail(fault::corrupt, file.string() + " is gone or empty, but it has been written to before",
                loss_hint);
  return {};
}

/// A database behind the side file has lost something that was acknowledged.
result<void> check_progress(const sqlite_options& options, const counters& found,
                            const std::optional<commit_mark>& side) {
  if (options.accept_loss || (found.commits == 0 && !side))
    return {};
  if (!side) {
    options.warn(
        "commit.no is missing or unreadable: whether the database has lost its end cannot be told this time");
    return {};
  }
  if (side->store != found.store_id)
    return fail(fault::corrupt, "commit.no belongs to another database than troupe.db", loss_hint);
  if (side->commits > found.commits)
    return fail(fault::corrupt,
                "the database ends at commit " + std::to_string(found.commits) + ", but commit " +
                    std::to_string(side->commits) +
                    " was acknowledged: its end is damaged or it is an old copy",
                loss_hint);
  return {};
}

counters begin_epoch(connection& db, counters start, const std::optional<commit_mark>& side) {
  if (start.store_id == 0) {
    std::int64_t drawn = 0;
    sqlite3_randomness(sizeof drawn, &drawn);
    start.store_id = static_cast<std::uint64_t>(drawn) | 1; // never 0, which means new
  }
  // After an accepted loss the numbers go on above those that were acknowledged.
  if (side && side->store == start.store_id)
    start.commits = std::max(start.commits, side->commits);
  ++start.commits;
  ++start.node_epoch;
  counter_table table(db);
  transaction whole(db, transaction::mode::write);
  table.save(start);
  whole.commit();
  return start;
}

/// Gives the log its length before anybody waits for it: a sync that also has to record a file's growth takes
/// twice as long, now and then much longer. Zeros are no log to SQLite: it writes its header over them.
result<void> lay_out_log(const sqlite_options& options) {
  const auto file = options.directory / "troupe.db-wal";
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0)
    return fail(fault::unavailable, "cannot write " + file.string() + ": " + std::strerror(errno));
  const std::vector<char> zeros(1 << 20);
  const std::int64_t length = options.checkpoint_bytes + options.checkpoint_bytes / 4;
  std::int64_t at = 0;
  while (at < length) {
    const auto piece = static_cast<std::size_t>(std::min<std::int64_t>(length - at, std::ssize(zeros)));
    const ssize_t written = ::pwrite(descriptor, zeros.data(), piece, at);
    if (written <= 0)
      break;
    at += written;
  }
  const bool done = at == length && ::fsync(descriptor) == 0;
  const fault problem = errno == ENOSPC ? fault::full : fault::unavailable;
  const std::string why = std::strerror(errno);
  ::close(descriptor);
  return done ? result<void>() : fail(problem, "cannot write " + file.string() + ": " + why);
}

result<std::unique_ptr<journal::store>> open_locked(const sqlite_options& options, folder_lock lock) {
  const auto side = commit_number::read(options.directory / "commit.no");
  if (!side)
    return tl::unexpected(side.error());
  if (auto ok = check_files(options, *side); !ok)
    return tl::unexpected(ok.error());
  auto vfs = std::make_unique<checked_vfs>(options.disk);
  connection db(options.directory / "troupe.db", *vfs, access::read_write, limits::writer_cache_kib);
  // What a log holds after a failed sync may be in memory only: moving it into the main file writes it anew.
  db.checkpoint_and_truncate();
  const auto version = schema_version(db, migrations());
  if (!version)
    return tl::unexpected(version.error());
  const counters found = *version > 0 ? counter_table(db).load() : counters();
  if (auto ok = check_progress(options, found, *side); !ok)
    return tl::unexpected(ok.error());
  if (auto ok = migrate(db, migrations()); !ok)
    return tl::unexpected(ok.error());
  db.checkpoint_and_truncate();
  if (auto ok = lay_out_log(options); !ok)
    return tl::unexpected(ok.error());
  auto side_file = commit_number::open(options.directory / "commit.no");
  if (!side_file)
    return tl::unexpected(side_file.error());
  const counters start = begin_epoch(db, found, *side);
  if (auto ok = side_file->write({start.store_id, start.commits}); !ok)
    return tl::unexpected(ok.error());
  opened_database opened{std::move(lock), std::move(vfs), std::move(db), start, std::move(*side_file)};
  return std::make_unique<sqlite_store>(std::move(opened), options);
}

} // namespace

result<std::unique_ptr<journal::store>> open_sqlite(sqlite_options options) {
  std::error_code failed;
  std::filesystem::create_directories(options.directory, failed);
  if (failed)
    return fail(fault::unavailable, "cannot create " + options.directory.string() + ": " + failed.message());
  auto lock = folder_lock::take(options.directory);
  if (!lock)
    return tl::unexpected(lock.error());
  try {
    return open_locked(options, std::move(*lock));
  } catch (const sql_error& e) {
    return tl::unexpected<error>(e.as_error());
  }
}

} // namespace troupe::storage
