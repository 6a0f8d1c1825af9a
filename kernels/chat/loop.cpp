#include "kernels/chat/loop.hpp"

#include "kernels/chat/failure.hpp"
#include "kernels/chat/python.hpp"

#include <algorithm>

namespace troupe::kernels::chat {

loop_items::loop_items(evaluator& by, const statement& loop, scope_ptr around, const value& items)
    : by_(by)
    , loop_(loop)
    , around_(std::move(around))
    , from_(iterate(items)) {}

std::optional<value> loop_items::next(machine& with) {
  while (auto item = from_->next(with)) {
    with.spend();
    if (!loop_.expressions[1] || by_.passes(loop_, around_, *item))
      return item;
  }
  return std::nullopt;
}

loop_state::loop_state(evaluator& by, const statement& loop, scope_ptr around,
                       std::unique_ptr<iteration> items, std::int64_t depth)
    : by_(by)
    , loop_(loop)
    , around_(std::move(around))
    , items_(std::move(items))
    , depth_(depth) {}

std::optional<value> loop_state::next(machine& with) {
  if (peek(with) == nullptr)
    return std::nullopt;
  before_ = std::exchange(current_, std::move(ahead_.front()));
  ahead_.pop_front();
  ++index_;
  return current_;
}

const value* loop_state::peek(machine& with) {
  if (ahead_.empty() && around_)
    if (auto item = items_->next(with))
      ahead_.push_back(std::move(*item));
  return ahead_.empty() ? nullptr : &ahead_.front();
}

std::size_t loop_state::length(machine& with) {
  while (around_) {
    auto item = items_->next(with);
    if (!item)
      break;
    with.hold(sizeof(value));
    ahead_.push_back(std::move(*item));
  }
  return static_cast<std::size_t>(index_ + 1) + ahead_.size();
}

namespace {

/// loop.cycle and loop.changed, which hold their loop.
class loop_method : public object {
public:
  loop_method(std::shared_ptr<loop_state> of, bool changes)
      : object(of->depth() + 1)
      , of_(std::move(of))
      , changes_(changes) {}
  std::string name() const override { return "bound method"; }
  bool is_callable() const override { return true; }
  value call(machine&, arguments args) override {
    return changes_ ? value(of_->changed(std::move(args.positional))) : of_->cycle(args.positional);
  }

private:
  std::shared_ptr<loop_state> of_;
  bool changes_;
};

} // namespace

value loop_state::cycle(const value_list& items) const {
  if (items.empty())
    give_up("no items for cycling given");
  return items[static_cast<std::size_t>(index_) % items.size()];
}

bool loop_state::changed(value_list items) {
  const bool same = last_changed_ && std::ranges::equal(*last_changed_, items, equal);
  last_changed_ = std::move(items);
  return !same;
}

std::optional<value> loop_state::attribute(machine& with, std::string_view which) {
  if (which == "index")
    return index_ + 1;
  if (which == "index0")
    return index_;
  if (which == "first")
    return index_ == 0;
  if (which == "last")
    return peek(with) == nullptr;
  if (which == "length")
    return length(with);
  if (which == "revindex")
    return static_cast<std::int64_t>(length(with)) - index_;
  if (which == "revindex0")
    return static_cast<std::int64_t>(length(with)) - index_ - 1;
  if (which == "depth")
    return depth_ + 1;
  if (which == "depth0")
    return depth_;
  if (which == "previtem")
    return before_ ? *before_ : value::undefined("there is no previous item");
  if (which == "nextitem") {
    const auto* next = peek(with);
    return next != nullptr ? *next : value::undefined("there is no next item");
  }
  if (which == "cycle" || which == "changed")
    return value(std::static_pointer_cast<object>(
        std::make_shared<loop_method>(shared_from_this(), which == "changed")));
  return std::nullopt;
}

value loop_state::call(machine&, arguments args) {
  if (!loop_.recursive || !around_)
    give_up("The loop must have the 'recursive' marker to be called recursively.");
  if (args.positional.size() != 1 || !args.named.empty())
    give_up("loop() takes one argument");
  return by_.call_loop(loop_, around_, args.positional.front(), depth_ + 1);
}

} // namespace troupe::kernels::chat
