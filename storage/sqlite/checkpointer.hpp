#pragma once

#include "config/result.hpp"
#include "storage/sqlite/connection.hpp"

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace troupe::storage {

/// Moves the log into the main file beside the writer, so that no turn waits for it. What the writer adds
/// meanwhile is little; the writer moves that itself between two groups, after which the log begins anew.
class checkpointer {
public:
  struct reports {
    std::function<void()> nearly_done;
    std::function<void(const error&)> failed;
    std::function<void(const std::string&)> warn;
  };

  checkpointer(connection db, std::int64_t alarm_bytes, reports tell);
  ~checkpointer();

  /// The log has grown to this: move it. Any thread, cheap. Answered by `nearly_done` or `failed`, not before
  /// which it is asked again.
  void begin(std::int64_t log_bytes);

  /// Ends the thread; `begin` does nothing from then on.
  void stop();

  /// After `stop`, when the writer has ended: leaves an empty log behind.
  void finish();

private:
  void run();
  void alarm(std::int64_t log_bytes);

  connection db_;
  reports tell_;
  std::int64_t alarm_at_;
  std::mutex mutex_;
  std::condition_variable noted_;
  std::int64_t log_bytes_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace troupe::storage
