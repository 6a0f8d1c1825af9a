#include "storage/sqlite/checkpointer.hpp"

#include "storage/sqlite/sql_error.hpp"

#include <utility>

namespace troupe::storage {

checkpointer::checkpointer(connection db, std::int64_t alarm_bytes, reports tell)
    : db_(std::move(db))
    , tell_(std::move(tell))
    , alarm_at_(alarm_bytes)
    , thread_([this] { run(); }) {}

checkpointer::~checkpointer() { stop(); }

void checkpointer::begin(std::int64_t log_bytes) {
  {
    const std::lock_guard hold(mutex_);
    log_bytes_ = log_bytes;
  }
  noted_.notify_one();
}

void checkpointer::stop() {
  {
    const std::lock_guard hold(mutex_);
    stopping_ = true;
  }
  noted_.notify_one();
  if (thread_.joinable())
    thread_.join();
}

void checkpointer::finish() {
  try {
    db_.checkpoint_and_truncate();
  } catch (const sql_error& e) {
    tell_.warn("the log was not emptied at the end; the next start does it: " + e.as_error().message);
  }
}

void checkpointer::run() {
  for (;;) {
    std::int64_t log_bytes = 0;
    {
      std::unique_lock hold(mutex_);
      noted_.wait(hold, [this] { return stopping_ || log_bytes_ > 0; });
      if (stopping_)
        return;
      log_bytes = std::exchange(log_bytes_, 0);
    }
    alarm(log_bytes);
    try {
      db_.checkpoint();
      tell_.nearly_done();
    } catch (const sql_error& e) {
      tell_.failed(e.as_error());
      return;
    }
  }
}

/// A reader that never ends (a forgotten sqlite3 shell) keeps the log from beginning anew.
void checkpointer::alarm(std::int64_t log_bytes) {
  if (log_bytes < alarm_at_)
    return;
  alarm_at_ = 2 * log_bytes;
  tell_.warn("the write-ahead log has grown to " + std::to_string(log_bytes >> 20) +
             " MiB: does another program hold a transaction open on troupe.db?");
}

} // namespace troupe::storage
