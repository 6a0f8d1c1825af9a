#pragma once

#include "storage/postgres/group_arrays.hpp"
#include "storage/postgres/job.hpp"
#include "storage/postgres/line.hpp"
#include "storage/postgres/options.hpp"
#include "storage/postgres/server_check.hpp"
#include "storage/postgres/store_mark.hpp"
#include "storage/postgres/stream_numbers.hpp"
#include "storage/postgres/turn_plan.hpp"
#include "storage/postgres/upkeep.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace troupe::storage::postgres {

/// The only thread of this node that writes. Groups form by themselves: what arrives while one is under way
/// is the next. A server that is away is waited for: what was handed in is sent again under the same number
/// until it is known to be stored or fenced, never dropped and never carried out twice.
class writer {
public:
  writer(line to_server, const store_mark& start, store_mark_file side_file, const postgres_options& options,
         progress& reached, outbox_book& book);
  ~writer();

  /// Any thread; never waits for the server.
  void submit(std::unique_ptr<job> what);

  /// Where streams stand; for jobs that run on this thread.
  stream_numbers& numbers() noexcept { return numbers_; }
  outbox_book& book() noexcept { return book_; }
  upkeep& keeper() noexcept { return keeper_; }

private:
  using group = std::vector<std::unique_ptr<job>>;

  void run();
  group next_group();
  void process(group& all);
  void carry_out(const batch& what);
  void commit(const std::vector<job*>& turns);
  std::optional<std::string> send(turn_plan& plan, const std::vector<job*>& turns);
  void tell(const std::vector<job*>& turns, const turn_plan& plan, const std::string& bits);
  std::optional<std::string> outcome(session& on);
  bool burn(session& on);
  facts_by_stream look_up(const std::vector<stream>& streams);
  void acknowledge_early(const std::vector<job*>& turns, const turn_plan& plan);
  void delete_consumed(const turn_plan& plan, const std::string& bits);
  void claim(const std::vector<job*>& claims);
  void record(const std::vector<job*>& results);
  void retire(const std::vector<job*>& jobs);
  void abandon(group& all);
  void die(const error& why);

  line line_;
  store_mark mark_;
  store_mark_file side_file_;
  progress& progress_;
  std::size_t group_max_;
  std::size_t blob_threshold_;
  unsafe_options unsafe_;
  std::function<void(const error&)> died_;
  outbox_book& book_;
  upkeep keeper_;
  stream_numbers numbers_;
  std::optional<error> dead_;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::unique_ptr<job>> waiting_;
  bool stopping_ = false;
  std::thread thread_; // last: everything above is alive while it runs
};

} // namespace troupe::storage::postgres
