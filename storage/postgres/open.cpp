#include "storage/postgres/open.hpp"

#include "storage/postgres/pg_error.hpp"
#include "storage/postgres/postgres_store.hpp"
#include "storage/postgres/schema.hpp"

#include <algorithm>
#include <chrono>
#include <sodium.h>
#include <system_error>
#include <thread>

namespace troupe::storage {
namespace postgres {
namespace {

// After an accepted loss numbers go on well above those that may have been given out in what is lost.
constexpr std::uint64_t leap = 1'000'000;

// Nodes that start together on a new store make its tables one after the other, on a disk they keep busy:
// each step may wait for longer than a statement of a node that runs.
constexpr milliseconds opening_patience{60'000};
constexpr milliseconds between_tries{100};

constexpr statement row_of_node = {"row_of_node", "SELECT epoch, commits FROM writer WHERE node = $1::bytea"};
constexpr statement next_epoch = {"next_epoch", "SELECT nextval('node_epochs')"};
constexpr statement begin_epoch = {
    "begin_epoch", "INSERT INTO writer(node, epoch, commits) VALUES($1::bytea, $2::int8, $3::int8)"
                   " ON CONFLICT (node) DO UPDATE SET epoch = excluded.epoch,"
                   " commits = greatest(writer.commits + 1, excluded.commits) RETURNING commits"};
constexpr statement begin_tally = {"begin_tally",
                                   "INSERT INTO tally(node, n, passed, sent, applied, skipped, dead_lettered)"
                                   " VALUES($1::bytea, 0, '', 0, 0, 0, 0) ON CONFLICT (node) DO NOTHING"};
constexpr statement end_former = {
    "end_former", "UPDATE member SET state = 4, version = version + 1 WHERE epoch = $1::int8 AND state < 3"};

std::string node_of(const store_mark& mark) { return {mark.node.data(), mark.node.size()}; }

/// A store behind the side file has lost something that was acknowledged.
result<void> check_progress(session& on, const store_mark& side, const identity& now) {
  if (side.system != now.system || side.store != now.store)
    return fail(fault::corrupt, "store.no belongs to another store than the one of this address", loss_hint);
  if (now.timeline < side.timeline)
    return fail(fault::corrupt,
                "the server is on timeline " + std::to_string(now.timeline) +
                    ", this node has seen timeline " + std::to_string(side.timeline),
                loss_hint);
  const table row = on.run(row_of_node, parameters().bytes(node_of(side)));
  const std::uint64_t epoch = row.size() == 0 ? 0 : row.natural(0, 0);
  const std::uint64_t commits = row.size() == 0 ? 0 : row.natural(0, 1);
  if (commits < side.commits || epoch < side.epoch)
    return fail(fault::corrupt,
                "the store ends at commit " + std::to_string(commits) + " of this node, but commit " +
                    std::to_string(side.commits) + " was acknowledged: it is an older copy of itself",
                loss_hint);
  return {};
}

/// What is lost cannot be listed, for it is lost; how much there was can. Numbers given out in it are never
/// given again.
void leap_over_loss(session& on, const postgres_options& options, const store_mark& side,
                    const identity& now) {
  const table row = on.run(row_of_node, parameters().bytes(node_of(side)));
  const std::uint64_t commits = row.size() == 0 ? 0 : row.natural(0, 1);
  if (side.system == now.system && side.store == now.store && commits >= side.commits)
    return;
  options.warn("accepted: commits " + std::to_string(commits + 1) + " to " + std::to_string(side.commits) +
               " of this node are lost; numbers go on above them");
  on.run("SELECT setval('births', (SELECT last_value FROM births) + " + std::to_string(leap) +
         "), setval('event_numbers', (SELECT last_value FROM event_numbers) + " + std::to_string(leap) +
         "), setval('node_epochs', greatest((SELECT last_value FROM node_epochs), " +
         std::to_string(side.epoch) + ") + 1)");
  on.run("UPDATE agent SET epoch = epoch + " + std::to_string(leap));
}

store_mark begin(session& on, store_mark mark, const identity& now) {
  transaction whole(on);
  // The former opening of this folder is over: we hold its lock.
  on.run(end_former, parameters().number(mark.epoch));
  mark.system = now.system;
  mark.store = now.store;
  mark.timeline = now.timeline;
  mark.epoch = on.run(next_epoch).natural(0, 0);
  const table row =
      on.run(begin_epoch, parameters().bytes(node_of(mark)).number(mark.epoch).number(mark.commits + 1));
  mark.commits = row.natural(0, 0);
  on.run(begin_tally, parameters().bytes(node_of(mark)));
  whole.commit();
  return mark;
}

result<store_mark> prepare(const postgres_options& options, const std::optional<store_mark>& side) {
  session on(settings_of(options, "troupe opening"));
  if (const std::string why = unfit(on); !why.empty())
    return fail(fault::refused, "PostgreSQL cannot hold the store: " + why);
  if (auto ok = migrate(on, options.schema, migrations()); !ok)
    return tl::unexpected(ok.error());
  make_partitions(on);
  const identity now = identify(on);
  store_mark mark;
  if (side) {
    mark = *side;
    if (options.accept_loss)
      leap_over_loss(on, options, mark, now);
    else if (auto ok = check_progress(on, mark, now); !ok)
      return tl::unexpected(ok.error());
  } else {
    randombytes_buf(mark.node.data(), mark.node.size());
  }
  return begin(on, mark, now);
}

/// What the server cut short is tried again; each part of it may run twice.
result<store_mark> prepare_patiently(const postgres_options& options, const std::optional<store_mark>& side) {
  const auto until = std::chrono::steady_clock::now() + opening_patience;
  for (;;) {
    try {
      return prepare(options, side);
    } catch (const pg_error& e) {
      if (e.what_to_do != remedy::again || std::chrono::steady_clock::now() >= until)
        throw;
    }
    std::this_thread::sleep_for(between_tries);
  }
}

result<std::unique_ptr<journal::shared_store>> open_locked(const postgres_options& options,
                                                           folder_lock lock) {
  const auto file = options.directory / "store.no";
  const auto side = store_mark_file::read(file);
  if (!side)
    return tl::unexpected(side.error());
  const auto start = prepare_patiently(options, *side);
  if (!start)
    return tl::unexpected(start.error());
  auto side_file = store_mark_file::open(file);
  if (!side_file)
    return tl::unexpected(side_file.error());
  if (auto ok = side_file->write(*start); !ok)
    return tl::unexpected(ok.error());
  return open_store({std::move(lock), *start, *side ? (*side)->epoch : 0, std::move(*side_file)}, options);
}

} // namespace
} // namespace postgres

result<std::unique_ptr<journal::shared_store>> open_postgres(postgres_options options) {
  std::error_code failed;
  std::filesystem::create_directories(options.directory, failed);
  if (failed)
    return fail(fault::unavailable, "cannot create " + options.directory.string() + ": " + failed.message());
  auto lock = folder_lock::take(options.directory);
  if (!lock)
    return tl::unexpected(lock.error());
  try {
    return postgres::open_locked(options, std::move(*lock));
  } catch (const postgres::pg_error& e) {
    return tl::unexpected<error>(e.as_error());
  }
}

} // namespace troupe::storage
