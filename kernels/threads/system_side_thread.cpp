#include "kernels/threads/side_thread.hpp"

#include "kernels/base/result.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace troupe::kernels {

struct side_thread::state {
  std::mutex guard;
  std::condition_variable changed;
  std::function<void()> waiting; // not taken up yet
  bool busy = false;
  bool ending = false;
  std::thread helper;

  void help() {
    std::unique_lock lock(guard);
    while (true) {
      changed.wait(lock, [this] { return ending || waiting; });
      if (!waiting)
        return;
      const auto work = std::exchange(waiting, nullptr);
      busy = true;
      lock.unlock();
      work();
      lock.lock();
      busy = false;
      changed.notify_all();
    }
  }
};

side_thread::side_thread()
    : state_(std::make_unique<state>()) {}

side_thread::~side_thread() {
  finish();
  {
    const std::lock_guard lock(state_->guard);
    state_->ending = true;
  }
  state_->changed.notify_all();
  if (state_->helper.joinable())
    state_->helper.join();
}

void side_thread::begin(std::function<void()> work) {
  {
    const std::lock_guard lock(state_->guard);
    ensure(!state_->waiting && !state_->busy, "one work at a time");
    state_->waiting = std::move(work);
  }
  if (!state_->helper.joinable())
    state_->helper = std::thread([shared = state_.get()] { shared->help(); });
  state_->changed.notify_all();
}

void side_thread::finish() {
  std::unique_lock lock(state_->guard);
  if (const auto left = std::exchange(state_->waiting, nullptr)) {
    lock.unlock();
    return left();
  }
  state_->changed.wait(lock, [this] { return !state_->busy; });
}

} // namespace troupe::kernels
