#pragma once

#include <functional>
#include <memory>

namespace troupe::kernels {

/// A thread for small work that is wanted a little later, while the caller does something larger. It sleeps
/// in between, and inherits the priority of whoever begins its first work.
class side_thread {
public:
  side_thread();
  ~side_thread();
  side_thread(const side_thread&) = delete;
  side_thread& operator=(const side_thread&) = delete;

  /// What was begun before is finished. `work` does not throw.
  void begin(std::function<void()> work);
  /// Returns when the work is done. What the thread has not taken up by now the caller does itself: on a busy
  /// machine nobody waits for a thread that does not run.
  void finish();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace troupe::kernels
