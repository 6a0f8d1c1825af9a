#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace troupe::kernels {

/// Threads of our own that share the parts of one piece of work. They run at the lowest priority, so that the
/// runtime's workers come first on a busy machine.
class thread_team {
public:
  /// Including the caller's own; 1 starts none.
  explicit thread_team(std::size_t threads);
  ~thread_team();
  thread_team(const thread_team&) = delete;
  thread_team& operator=(const thread_team&) = delete;

  std::size_t threads() const noexcept;

  /// Calls `work(part)` once for each part below `parts`, on any of the threads; returns when all are done.
  /// One caller at a time; `work` does not throw.
  void share(std::size_t parts, const std::function<void(std::size_t)>& work);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace troupe::kernels
