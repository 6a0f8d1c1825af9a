#pragma once

#include "storage/sqlite/agent_loader.hpp"
#include "storage/sqlite/commit_number.hpp"
#include "storage/sqlite/operation.hpp"
#include "storage/sqlite/upkeep.hpp"
#include "storage/sqlite/write_context.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace troupe::storage {

/// The only thread that writes. Groups form by themselves: what arrives while one is being committed is the
/// next. After a failed write or sync nothing is written any more: everything waiting and everything to come
/// is abandoned.
class writer {
public:
  /// `grown`: called on the writer's thread with the bytes in the log, when it is time to move them into the
  /// main file; again only after `finish_checkpoint`.
  writer(connection db, counters start, commit_number side_file, const sqlite_options& options,
         pending_book& book, std::function<void(std::int64_t)> grown);
  ~writer();

  /// Writes what is waiting, then ends the thread. False: the store had died.
  bool finish();

  /// Any thread; never waits for the disk.
  void submit(std::unique_ptr<operation> op);

  /// Most of the log has been moved: the writer moves the rest between two groups. Any thread.
  void finish_checkpoint();

  /// Somebody else found that the disk cannot be trusted: nothing more is written. Any thread.
  void report_failure(error why);

  /// For operations that read or clean up; they run on the writer's thread.
  agent_loader& loader() noexcept { return loader_; }
  upkeep& keeper() noexcept { return upkeep_; }
  std::uint64_t node_epoch() const noexcept { return node_epoch_; }

private:
  using group = std::vector<std::unique_ptr<operation>>;

  void run();
  group next_group();
  void process(group& ops);
  void commit(group& ops);
  void acknowledge(group& ops);
  void abandon(group& ops, const error& why);
  void die(const error& why);
  void between_groups(bool checkpoint, std::optional<error> failure);
  void watch_log();

  connection db_;
  commit_number side_file_;
  std::size_t group_max_;
  std::function<void(const error&)> died_;
  std::function<void(std::int64_t)> grown_;
  write_context context_;
  agent_loader loader_;
  upkeep upkeep_;
  std::uint64_t node_epoch_;
  std::optional<error> dead_;
  std::int64_t checkpoint_bytes_;
  std::int64_t checkpoint_at_;
  bool checkpointing_ = false;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::unique_ptr<operation>> waiting_;
  bool checkpoint_wanted_ = false;
  std::optional<error> reported_;
  bool stopping_ = false;
  std::thread thread_; // last: everything above is alive while it runs
};

} // namespace troupe::storage
