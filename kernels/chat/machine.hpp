#pragma once

#include "kernels/chat/chat_template.hpp"
#include "kernels/chat/object.hpp"

namespace troupe::kernels::chat {

class scope;
struct program;

/// One rendering: what it may still use, and what it made.
class machine {
public:
  machine(const render_limits& limits, const std::tm* now)
      : limits_(limits)
      , now_(now) {}
  machine(const machine&) = delete;
  ~machine();

  /// Both throw template_failure when there is nothing left.
  void spend(std::size_t steps = 1);
  void hold(std::size_t bytes);
  /// `count` times `size` bytes, checked before they are made; negative counts are none.
  void at_most(std::int64_t count, std::size_t size);

  /// Text and lists are charged for as they are made.
  value text(std::string made);
  value list(value_list made);

  const std::tm* now() const noexcept { return now_; }

  /// Namespaces may hold each other in a ring: whatever is kept here is emptied at the end.
  void keep(std::shared_ptr<object> one, void (*empty)(object&));

  /// Recursion of evaluation, bounded; see `deeper`.
  std::size_t depth = 0;
  std::size_t output_bytes = 0;
  std::size_t line = 0; // of the statement that runs

  const render_limits& limits() const noexcept { return limits_; }

private:
  const render_limits& limits_;
  const std::tm* now_;
  std::size_t steps_ = 0;
  std::size_t bytes_ = 0;
  std::vector<std::pair<std::shared_ptr<object>, void (*)(object&)>> kept_;
};

/// Held while one evaluation is within another.
class deeper {
public:
  explicit deeper(machine& with);
  ~deeper() { --with_.depth; }
  deeper(const deeper&) = delete;

private:
  machine& with_;
};

} // namespace troupe::kernels::chat
