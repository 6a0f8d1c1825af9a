#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace troupe::host {

/// Threads that may block: outside effects and the work given to `ctx.run`. Actors never do. The queue is
/// bounded by what agents have outstanding.
class worker_pool {
public:
  explicit worker_pool(std::size_t threads);
  /// Work begun is waited for; work queued is dropped (its effect row brings it back after the next start).
  ~worker_pool();

  void submit(std::function<void()> work);
  std::size_t queued() const;

private:
  void serve();

  mutable std::mutex lock_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
  bool closing_ = false;
};

} // namespace troupe::host
