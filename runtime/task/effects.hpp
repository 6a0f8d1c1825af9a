#pragma once

#include "runtime/base/json_fwd.hpp"
#include "runtime/task/ask.hpp"
#include "runtime/task/effect_error.hpp"

#include <coroutine>
#include <optional>
#include <tl/expected.hpp>

namespace troupe {

class task_run;

/// Something a task can await. Asked for when awaited, in that order; the object may be moved before, not
/// after.
class [[nodiscard]] effect {
public:
  effect(task_run& run, ask what)
      : run_(&run)
      , ask_(std::move(what)) {}
  effect(effect&&) = default;
  effect& operator=(effect&&) = default;

  bool await_ready();
  void await_suspend(std::coroutine_handle<>) const noexcept {}

protected:
  const outcome& settled() const { return *answer_; }
  /// The value, or `effect_failed`.
  json value() const;

private:
  task_run* run_;
  ask ask_;
  std::optional<outcome> answer_;
};

/// Awaits to the JSON value; throws `effect_failed`.
class [[nodiscard]] json_effect : public effect {
public:
  using effect::effect;
  json await_resume() const;
};

/// Awaits to the value or the error; never throws.
class [[nodiscard]] result_effect : public effect {
public:
  using effect::effect;
  tl::expected<json, effect_error> await_resume() const;
};

/// Awaits to nothing; throws `effect_failed` (a timer only when its task is canceled).
class [[nodiscard]] void_effect : public effect {
public:
  using effect::effect;
  void await_resume() const;
};

} // namespace troupe
