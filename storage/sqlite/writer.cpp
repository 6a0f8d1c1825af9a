#include "storage/sqlite/writer.hpp"

#include "runtime/base/fault_point.hpp"
#include "storage/sqlite/sql_error.hpp"

#include <chrono>
#include <exception>
#include <thread>

namespace troupe::storage {
namespace {

constexpr std::chrono::milliseconds early_by{
    20}; // unsafe_options::early_ack: long enough for a kill to fall into

} // namespace

writer::writer(connection db, counters start, commit_number side_file, const sqlite_options& options,
               pending_book& book, std::function<void(std::int64_t)> grown)
    : db_(std::move(db))
    , side_file_(std::move(side_file))
    , group_max_(options.group_max)
    , died_(options.died)
    , grown_(std::move(grown))
    , context_(db_, start, options, book)
    , loader_(db_)
    , upkeep_(db_)
    , node_epoch_(start.node_epoch)
    , checkpoint_bytes_(options.checkpoint_bytes)
    , checkpoint_at_(options.checkpoint_bytes)
    , thread_([this] { run(); }) {}

writer::~writer() { finish(); }

bool writer::finish() {
  {
    const std::lock_guard hold(mutex_);
    stopping_ = true;
  }
  arrived_.notify_one();
  if (thread_.joinable())
    thread_.join();
  return !dead_;
}

void writer::submit(std::unique_ptr<operation> op) {
  {
    const std::lock_guard hold(mutex_);
    waiting_.push_back(std::move(op));
  }
  arrived_.notify_one();
}

void writer::finish_checkpoint() {
  {
    const std::lock_guard hold(mutex_);
    checkpoint_wanted_ = true;
  }
  arrived_.notify_one();
}

void writer::report_failure(error why) {
  {
    const std::lock_guard hold(mutex_);
    reported_ = std::move(why);
  }
  arrived_.notify_one();
}

void writer::run() {
  for (group ops = next_group(); !ops.empty(); ops = next_group())
    process(ops);
}

/// Empty: the writer was asked to stop and nothing is left.
writer::group writer::next_group() {
  for (;;) {
    group ops;
    bool checkpoint = false;
    std::optional<error> failure;
    {
      std::unique_lock hold(mutex_);
      arrived_.wait(hold,
                    [this] { return stopping_ || checkpoint_wanted_ || reported_ || !waiting_.empty(); });
      checkpoint = std::exchange(checkpoint_wanted_, false);
      failure = std::exchange(reported_, std::nullopt);
      std::size_t weight = 0;
      while (!waiting_.empty() && ops.size() < group_max_ && weight < limits::group_bytes) {
        weight += waiting_.front()->weight();
        ops.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      if (ops.empty() && stopping_)
        return ops;
    }
    between_groups(checkpoint, std::move(failure));
    if (!ops.empty())
      return ops;
  }
}

void writer::process(group& ops) {
  if (!dead_) {
    try {
      commit(ops);
      return;
    } catch (const sql_error& e) {
      die(e.as_error());
    } catch (const std::exception& e) {
      die({fault::internal, std::string("the journal's writer failed: ") + e.what(), {}});
    }
  }
  abandon(ops, *dead_);
}

void writer::commit(group& ops) {
  const bool early = context_.unsafe.early_ack;
  {
    transaction whole(db_, transaction::mode::write);
    for (auto& op : ops)
      op->apply(context_);
    context_.flush();
    for (auto& op : ops)
      op->finish(context_);
    context_.seal_group();
    if (early) {
      acknowledge(ops);
      std::this_thread::sleep_for(early_by);
    }
    fault_point("journal.before_commit");
    whole.commit();
    fault_point("journal.after_commit");
  }
  if (auto written = side_file_.write({context_.count.store_id, context_.count.commits}); !written) {
    die(written.error());
    abandon(ops, *dead_);
    return;
  }
  fault_point("journal.after_side_file");
  if (!early)
    acknowledge(ops);
  fault_point("journal.after_ack");
  if (context_.unsafe.no_dedupe) {
    transaction later(db_, transaction::mode::write);
    context_.streams.delete_consumed();
    later.commit();
  }
  watch_log();
}

/// An answered operation is gone: what fails later in the group must not answer it again.
void writer::acknowledge(group& ops) {
  fault_point("journal.before_ack");
  for (auto& op : ops)
    std::exchange(op, nullptr)->answer();
  ops.clear();
}

void writer::abandon(group& ops, const error& why) {
  for (auto& op : ops)
    if (op)
      std::exchange(op, nullptr)->abandon(why);
  ops.clear();
}

void writer::die(const error& why) {
  dead_ = why;
  died_(why);
}

void writer::watch_log() {
  if (checkpointing_ || db_.log_bytes() < checkpoint_at_)
    return;
  checkpointing_ = true;
  grown_(db_.log_bytes());
}

void writer::between_groups(bool checkpoint, std::optional<error> failure) {
  if (dead_)
    return;
  if (failure)
    return die(*failure);
  if (!checkpoint)
    return;
  checkpointing_ = false;
  try {
    // Something that reads an old state keeps the log: it is tried again when the log has grown by half.
    fault_point("journal.before_checkpoint");
    const std::int64_t left = db_.checkpoint();
    fault_point("journal.after_checkpoint");
    checkpoint_at_ = left == 0 ? checkpoint_bytes_ : db_.log_bytes() + checkpoint_bytes_ / 2;
  } catch (const sql_error& e) {
    die(e.as_error());
  }
}

} // namespace troupe::storage
