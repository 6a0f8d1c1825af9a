#include "runtime/task/join.hpp"

#include "runtime/task/task_run.hpp"

namespace troupe {

void join_starter::check(std::size_t children) {
  ensure(!std::exchange(awaited_, true), "a join is awaited once");
  ctx_.internals().check_join(children, group_.first_wins);
}

fiber* join_starter::open_fiber(promise_base& result) {
  auto* opened = ctx_.internals().open_fiber(group_);
  group_.members.push_back(opened);
  group_.results.push_back(&result);
  return opened;
}

void join_starter::block() { ctx_.internals().block_on(group_); }

} // namespace troupe
