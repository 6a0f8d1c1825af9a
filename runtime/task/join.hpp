#pragma once

#include "runtime/task/context.hpp"
#include "runtime/task/task.hpp"

#include <cstdint>
#include <optional>
#include <tuple>
#include <type_traits>
#include <vector>

namespace troupe {

/// Fibers that run side by side for one parent, which waits until all of them have ended.
struct join_group {
  fiber* parent = nullptr;
  bool first_wins = false; // when_any: the first to end cancels the others
  std::size_t running = 0;
  std::optional<std::size_t> winner; // when_any: the first to end; when_all: the first to fail
  std::vector<fiber*> members;
  std::vector<promise_base*> results;
};

/// Starts children on fibers of their own and blocks the parent; implemented by the run.
class join_starter {
public:
  join_starter(context& ctx, bool first_wins)
      : ctx_(ctx) {
    group_.first_wins = first_wins;
  }
  join_starter(const join_starter&) = delete;

protected:
  template<class T>
  void start(std::vector<task<T>>& children) {
    check(children.size());
    for (const auto& child : children)
      ensure(child.fresh(), "a task in a join was moved away or awaited before");
    for (auto& child : children)
      child.start_on(*open_fiber(child.promise()));
    block();
  }
  const join_group& group() const noexcept { return group_; }

private:
  void check(std::size_t children);
  fiber* open_fiber(promise_base& result);
  void block();

  context& ctx_;
  join_group group_;
  bool awaited_ = false;
};

/// `auto all = when_all(ctx, std::move(tasks)); auto values = co_await all;` The first failure cancels the
/// rest and is thrown once every child has ended. Children without a value: `co_await all;`.
template<class T>
class [[nodiscard]] all_of : public join_starter {
public:
  using values = std::conditional_t<std::is_void_v<T>, void, std::vector<T>>;
  all_of(context& ctx, std::vector<task<T>> children)
      : join_starter(ctx, false)
      , children_(std::move(children)) {}

  bool await_ready() {
    start(children_);
    return false;
  }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  values await_resume() {
    if (auto failed = group().winner)
      std::rethrow_exception(group().results[*failed]->failure);
    if constexpr (!std::is_void_v<T>) {
      std::vector<T> all;
      all.reserve(children_.size());
      for (auto& child : children_)
        all.push_back(child.await_resume());
      return all;
    }
  }

private:
  std::vector<task<T>> children_;
};

/// The constructor is written out because it is handed out of an expression with co_await.
template<class T>
struct first_of_result {
  std::size_t index;
  T value;
  first_of_result(std::size_t i, T v)
      : index(i)
      , value(std::move(v)) {}
};

template<>
struct first_of_result<void> {
  std::size_t index;
  explicit first_of_result(std::size_t i)
      : index(i) {}
};

/// The first child to end wins, with its value or its exception; the others are canceled and waited for.
template<class T>
class [[nodiscard]] any_of : public join_starter {
public:
  any_of(context& ctx, std::vector<task<T>> children)
      : join_starter(ctx, true)
      , children_(std::move(children)) {}

  bool await_ready() {
    start(children_);
    return false;
  }
  void await_suspend(std::coroutine_handle<>) const noexcept {}
  first_of_result<T> await_resume() {
    auto index = *group().winner;
    if constexpr (std::is_void_v<T>) {
      children_[index].await_resume();
      return first_of_result<void>(index);
    } else {
      return first_of_result<T>(index, children_[index].await_resume());
    }
  }

private:
  std::vector<task<T>> children_;
};

template<class T>
all_of<T> when_all(context& ctx, std::vector<task<T>> children) {
  return all_of<T>(ctx, std::move(children));
}

template<class T>
any_of<T> when_any(context& ctx, std::vector<task<T>> children) {
  return any_of<T>(ctx, std::move(children));
}

/// Collects tasks without a braced list: `tasks(a(ctx), b(ctx))`.
template<class T, class... More>
std::vector<task<T>> tasks(task<T> first, More... more) {
  std::vector<task<T>> all;
  all.push_back(std::move(first));
  (all.push_back(std::move(more)), ...);
  return all;
}

} // namespace troupe
