#include "kernels/chat/failure.hpp"
#include "kernels/chat/filters.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/python.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace troupe::kernels::chat {

namespace {

value take_first(arguments& args) {
  auto first = std::move(args.positional.front());
  args.positional.erase(args.positional.begin());
  return first;
}

/// What is done with each item as a generator comes to it.
using each_item = std::function<std::optional<value>(machine&, value)>;

class changed_items : public iteration {
public:
  changed_items(const value& from, each_item change)
      : from_(iterate(from))
      , change_(std::move(change)) {}
  std::optional<value> next(machine& with) override {
    while (auto item = from_->next(with)) {
      with.spend();
      if (auto changed = change_(with, std::move(*item)))
        return changed;
    }
    return std::nullopt;
  }

private:
  std::unique_ptr<iteration> from_;
  each_item change_;
};

value lazily(const value& from, each_item change) {
  return std::static_pointer_cast<object>(std::make_shared<generator>(
      std::make_shared<changed_items>(from, std::move(change)), from.depth() + 1));
}

/// Runs a filter when its first item is asked for.
class deferred_items : public iteration {
public:
  deferred_items(builtin::body run, value self, arguments args)
      : run_(run)
      , self_(std::move(self))
      , args_(std::move(args)) {}
  std::optional<value> next(machine& with) override {
    const deeper guard(with);
    if (!items_)
      items_ = iterate(run_(with, self_, std::move(args_)));
    return items_->next(with);
  }

private:
  builtin::body run_;
  value self_;
  arguments args_;
  std::unique_ptr<iteration> items_;
};

value nothing_at_all() {
  return lazily(make_list({}), [](machine&, value) { return std::nullopt; });
}

value map_attribute(const value& self, arguments args) {
  std::optional<item_path> path;
  std::optional<value> otherwise;
  for (auto& [name, what] : args.named) {
    if (name == "attribute")
      path.emplace(what);
    else if (name == "default")
      otherwise = std::move(what);
    else
      give_up("Unexpected keyword argument '" + name + "'");
  }
  if (!path)
    give_up("map requires a filter argument");
  if (otherwise && !otherwise->is_none())
    path->set_otherwise(std::move(*otherwise));
  return lazily(self, [path = std::move(*path)](machine& with, value item) -> std::optional<value> {
    return path.of(with, item);
  });
}

value map(machine&, const value& self, arguments args) {
  if (!is_true(self) && !self.is_object())
    return nothing_at_all(); // before anything is looked at
  if (args.positional.empty())
    return map_attribute(self, std::move(args));
  const auto name = to_text(take_first(args));
  const auto filter = find_filter(name);
  if (filter == nullptr)
    give_up("No filter named '" + name + "'.");
  return lazily(self, [filter, args = std::move(args)](machine& with, value item) -> std::optional<value> {
    return filter(with, item, args);
  });
}

template<bool Keeps, bool ByAttribute>
value select(machine&, const value& self, arguments args) {
  if (!is_true(self) && !self.is_object())
    return nothing_at_all();
  std::optional<item_path> path;
  if (ByAttribute) {
    if (args.positional.empty())
      give_up("Missing parameter for attribute name");
    path.emplace(take_first(args));
  }
  builtin::body test = nullptr;
  if (!args.positional.empty()) {
    const auto name = to_text(take_first(args));
    test = find_test(name);
    if (test == nullptr)
      give_up("No test named '" + name + "'.");
  }
  return lazily(self,
                [path, test, args = std::move(args)](machine& with, value item) -> std::optional<value> {
                  const auto what = path ? path->of(with, item) : item;
                  const bool passes = is_true(test != nullptr ? test(with, what, args) : what);
                  return passes == Keeps ? std::optional(std::move(item)) : std::nullopt;
                });
}

constexpr std::array<named_function, 5> functions{{{"map", put_off<map>},
                                                   {"reject", put_off<select<false, false>>},
                                                   {"rejectattr", put_off<select<false, true>>},
                                                   {"select", put_off<select<true, false>>},
                                                   {"selectattr", put_off<select<true, true>>}}};

} // namespace

value deferred(builtin::body run, const value& self, arguments args) {
  auto depth = self.depth();
  for (const auto& one : args.positional)
    depth = std::max(depth, one.depth());
  for (const auto& [name, one] : args.named)
    depth = std::max(depth, one.depth());
  auto source = std::make_shared<deferred_items>(run, self, std::move(args));
  return std::static_pointer_cast<object>(std::make_shared<generator>(std::move(source), depth + 1));
}

builtin::body selecting_filter(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &named_function::name);
  return found == functions.end() ? nullptr : found->run;
}

} // namespace troupe::kernels::chat
