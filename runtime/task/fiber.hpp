#pragma once

#include "config/result.hpp"

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

class task_run;
struct join_group;

/// Coroutines that await each other on one fiber. A suspended stack is destroyed by recursion, so its depth
/// is machine stack: this many fit into a fraction of a thread's even with sanitizers. Deeper things are
/// loops.
inline constexpr std::size_t fiber_depth_max = 1'000;

/// One line of control inside a task: the stack of coroutines that await each other. The run loop resumes the
/// innermost one from here, never from inside another coroutine: symmetric transfer is no tail call in debug
/// and sanitizer builds, and a million synchronous children must not grow the machine stack.
class fiber {
public:
  fiber(task_run& run, std::string path, join_group* joins)
      : run_(run)
      , path_(std::move(path))
      , joins_(joins) {}
  fiber(const fiber&) = delete;
  fiber& operator=(const fiber&) = delete;

  void push(std::coroutine_handle<> frame) {
    ensure(frames_.size() < fiber_depth_max, "coroutines of a task await each other at most 1,000 deep");
    frames_.push_back(frame);
  }
  void pop() { frames_.pop_back(); }
  void step() {
    started_ = true;
    frames_.back().resume();
  }
  /// Ends a fiber that never ran.
  void drop() { frames_.clear(); }

  bool started() const noexcept { return started_; }
  bool done() const noexcept { return frames_.empty(); }
  bool blocked() const noexcept { return blocked_; }
  void block() noexcept { blocked_ = true; }
  void unblock() noexcept { blocked_ = false; }

  /// The join whose children it waits for; null when it waits for an effect or runs.
  join_group* waits_in() const noexcept { return waits_in_; }
  void wait_in(join_group* group) noexcept { waits_in_ = group; }

  /// A fiber is canceled once: what it awaits afterwards to clean up is left alone. A cancellation that finds
  /// it between two awaits is owed to the next one.
  bool canceled() const noexcept { return canceled_; }
  bool owes_cancel() const noexcept { return owes_cancel_; }
  void cancel() noexcept { canceled_ = true; }
  void owe_cancel() noexcept { owes_cancel_ = true; }
  bool take_cancel() noexcept { return std::exchange(owes_cancel_, false); }

  task_run& run() noexcept { return run_; }
  join_group* joins() noexcept { return joins_; }
  const std::string& path() const noexcept { return path_; }

  /// "0/3": the fourth effect of the root fiber. Stable over replays because each fiber counts its own.
  std::string next_effect() { return path_ + '/' + std::to_string(effects_++); }
  std::string next_child() { return path_ + '.' + std::to_string(children_++); }
  std::uint64_t next_random() { return ++randoms_; }

private:
  task_run& run_;
  std::string path_;
  join_group* joins_; // the group this fiber is a member of; null for the root
  std::vector<std::coroutine_handle<>> frames_;
  std::uint32_t effects_ = 0;
  std::uint32_t children_ = 0;
  std::uint64_t randoms_ = 0;
  join_group* waits_in_ = nullptr;
  bool started_ = false;
  bool blocked_ = false;
  bool canceled_ = false;
  bool owes_cancel_ = false;
};

/// What every coroutine of a task has in its frame.
struct promise_base {
  fiber* on = nullptr;
  std::exception_ptr failure;

  std::suspend_always initial_suspend() noexcept { return {}; }

  struct back_to_run_loop {
    bool await_ready() const noexcept { return false; }
    template<class Promise>
    void await_suspend(std::coroutine_handle<Promise> ended) const noexcept {
      ended.promise().on->pop();
    }
    void await_resume() const noexcept {}
  };
  back_to_run_loop final_suspend() noexcept { return {}; }
  void unhandled_exception() noexcept { failure = std::current_exception(); }
};

} // namespace troupe
