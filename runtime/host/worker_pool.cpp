#include "runtime/host/worker_pool.hpp"

namespace troupe::host {

worker_pool::worker_pool(std::size_t threads) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this] { serve(); });
}

worker_pool::~worker_pool() {
  {
    std::lock_guard guard(lock_);
    closing_ = true;
    queue_.clear();
  }
  wake_.notify_all();
  for (auto& t : threads_)
    t.join();
}

void worker_pool::submit(std::function<void()> work) {
  {
    std::lock_guard guard(lock_);
    if (closing_)
      return;
    queue_.push_back(std::move(work));
  }
  wake_.notify_one();
}

std::size_t worker_pool::queued() const {
  std::lock_guard guard(lock_);
  return queue_.size();
}

void worker_pool::serve() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock guard(lock_);
      wake_.wait(guard, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty())
        return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    work();
  }
}

} // namespace troupe::host
