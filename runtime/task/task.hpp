#pragma once

#include "runtime/task/fiber.hpp"

#include <coroutine>
#include <optional>
#include <type_traits>
#include <utility>

namespace troupe {

class context;

/// A handler or a part of one: a coroutine that starts when it is awaited and may await effects of its
/// context. Owns its frame.
template<class T = void>
class [[nodiscard]] task;

namespace detail {

template<class T>
struct task_promise : promise_base {
  std::optional<T> value;

  task<T> get_return_object() noexcept;
  template<class U>
  void return_value(U&& v) {
    value.emplace(std::forward<U>(v));
  }
  T take() {
    if (failure)
      std::rethrow_exception(failure);
    return std::move(*value);
  }
};

template<>
struct task_promise<void> : promise_base {
  task<void> get_return_object() noexcept;
  void return_void() noexcept {}
  void take() const {
    if (failure)
      std::rethrow_exception(failure);
  }
};

} // namespace detail

template<class T>
class [[nodiscard]] task {
public:
  using promise_type = detail::task_promise<T>;
  using handle = std::coroutine_handle<promise_type>;

  explicit task(handle h) noexcept
      : handle_(h) {}
  task(task&& other) noexcept
      : handle_(std::exchange(other.handle_, {})) {}
  task& operator=(task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~task() {
    if (handle_)
      handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  template<class Promise>
  void await_suspend(std::coroutine_handle<Promise> parent) {
    start_on(*parent.promise().on);
  }
  T await_resume() { return handle_.promise().take(); }

  /// Puts the coroutine on top of a fiber; the run loop resumes it from there.
  void start_on(fiber& f) {
    ensure(fresh(), "a task is awaited once, and not after it was moved away");
    f.push(handle_);
    handle_.promise().on = &f;
  }
  bool fresh() const noexcept { return handle_ && !handle_.promise().on; }
  promise_base& promise() noexcept { return handle_.promise(); }

private:
  handle handle_;
};

namespace detail {

template<class T>
task<T> task_promise<T>::get_return_object() noexcept {
  return task<T>(std::coroutine_handle<task_promise<T>>::from_promise(*this));
}
inline task<void> task_promise<void>::get_return_object() noexcept {
  return task<void>(std::coroutine_handle<task_promise<void>>::from_promise(*this));
}

/// References dangle once a task suspends; only the context outlives it.
template<class Argument>
inline constexpr bool may_be_parameter = !std::is_reference_v<Argument> || std::is_same_v<Argument, context&>;

} // namespace detail

} // namespace troupe

template<class T, class... Arguments>
struct std::coroutine_traits<troupe::task<T>, Arguments...> {
  static_assert((troupe::detail::may_be_parameter<Arguments> && ...),
                "a task takes its parameters by value (but context&), and is a free or static function: "
                "references and captures dangle when it suspends");
  using promise_type = typename troupe::task<T>::promise_type;
};
