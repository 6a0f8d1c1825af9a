#pragma once

#include "kernels/chat/evaluator.hpp"

#include <deque>

namespace troupe::kernels::chat {

/// The items of a loop, without those that its "if" leaves out. They are looked at as the loop comes to them.
class loop_items : public iteration {
public:
  loop_items(evaluator& by, const statement& loop, scope_ptr around, const value& items);
  std::optional<value> next(machine& with) override;

private:
  evaluator& by_;
  const statement& loop_;
  scope_ptr around_;
  std::unique_ptr<iteration> from_;
};

/// What a template knows as `loop`. Lives as long as its loop; values that outlive it say so.
class loop_state : public object, public std::enable_shared_from_this<loop_state> {
public:
  loop_state(evaluator& by, const statement& loop, scope_ptr around, std::unique_ptr<iteration> items,
             std::int64_t depth);

  std::optional<value> next(machine& with);
  /// The evaluator and the scopes are gone; nothing is held any more, so that loops that hold each other form
  /// no chain longer than they are nested.
  void end() {
    around_.reset();
    items_.reset();
    ahead_.clear();
    before_.reset();
    current_.reset();
    last_changed_.reset();
  }

  std::string name() const override { return "LoopContext"; }
  std::optional<value> attribute(machine& with, std::string_view which) override;
  bool is_callable() const override { return true; }
  value call(machine& with, arguments args) override;

  value cycle(const value_list& items) const;
  bool changed(value_list items);

private:
  const value* peek(machine& with);
  std::size_t length(machine& with);

  evaluator& by_;
  const statement& loop_;
  scope_ptr around_;
  std::unique_ptr<iteration> items_;
  std::int64_t depth_;
  std::deque<value> ahead_;
  std::optional<value> before_;
  std::optional<value> current_;
  std::optional<value_list> last_changed_;
  std::int64_t index_ = -1;
};

} // namespace troupe::kernels::chat
