#include "kernels/chat/failure.hpp"
#include "kernels/chat/filters.hpp"
#include "kernels/chat/machine.hpp"
#include "kernels/chat/parameters.hpp"
#include "kernels/chat/python.hpp"

#include <algorithm>
#include <array>

namespace troupe::kernels::chat {

namespace {

/// Values that may be set from within loops.
class names : public object {
public:
  std::string name() const override { return "Namespace"; }
  std::string shown(std::size_t level) const override {
    return "<Namespace " + chat::shown(make_mapping(held_), level) + ">";
  }
  std::optional<value> attribute(machine&, std::string_view which) override {
    const auto* found = held_.find(which);
    return found != nullptr ? std::optional(*found) : std::nullopt;
  }
  void set_attribute(machine& with, std::string_view which, value what) override {
    with.hold(which.size() + sizeof(value));
    held_.set(which, std::move(what));
  }
  void clear() { held_ = {}; }

private:
  mapping held_;
};

void empty_names(object& one) { static_cast<names&>(one).clear(); }

/// dict(mapping or pairs, name=value …)
mapping collected(machine& with, arguments args, std::string_view function) {
  mapping all;
  if (args.positional.size() > 1)
    give_up(std::string(function) + " expected at most 1 argument");
  if (!args.positional.empty()) {
    const auto& from = args.positional.front();
    if (from.is_mapping()) {
      all = from.entries();
    } else {
      require_defined(from);
      for (const auto& item : to_list(with, from)) {
        auto pair = to_list(with, item);
        if (pair.size() != 2)
          give_up("dictionary update sequence elements are pairs");
        all.set(std::move(pair[0]), std::move(pair[1]));
      }
    }
  }
  for (auto& [name, what] : args.named)
    all.set(name, std::move(what));
  with.hold(all.size() * 2 * sizeof(value));
  return all;
}

value make_dict(machine& with, const value&, arguments args) {
  return make_mapping(collected(with, std::move(args), "dict"));
}

value make_namespace(machine& with, const value&, arguments args) {
  auto made = std::make_shared<names>();
  with.keep(made, empty_names);
  const auto given = collected(with, std::move(args), "namespace");
  for (const auto& [key, what] : given.entries())
    made->set_attribute(with, to_text(key), what);
  return std::static_pointer_cast<object>(made);
}

// As many as Jinja's sandbox allows.
constexpr std::int64_t range_max = 100'000;

value range(machine& with, const value&, arguments args) {
  if (!args.named.empty() || args.positional.empty() || args.positional.size() > 3)
    give_up("range takes one to three positional arguments");
  sequence all;
  all.kind = sequence_kind::range;
  const auto at = [&args](std::size_t i) { return to_index(args.positional[i], "range() arguments"); };
  all.first = args.positional.size() == 1 ? 0 : at(0);
  all.last = args.positional.size() == 1 ? at(0) : at(1);
  all.step = args.positional.size() == 3 ? at(2) : 1;
  if (all.step == 0)
    give_up("range() arg 3 must not be zero");
  const auto beyond = [&all](std::int64_t n) { return all.step > 0 ? n >= all.last : n <= all.last; };
  for (auto n = all.first; !beyond(n);) {
    if (static_cast<std::int64_t>(all.items.size()) >= range_max)
      give_up("Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).");
    all.items.emplace_back(n);
    if (__builtin_add_overflow(n, all.step, &n))
      break;
  }
  with.spend(all.items.size() / 8);
  with.hold(all.items.size() * sizeof(value));
  return std::make_shared<const sequence>(std::move(all));
}

value raise(machine&, const value&, arguments args) {
  const parameters given("raise_exception", std::move(args), {"message"});
  give_up(to_text(given.at(0)));
}

value now(machine& with, const value&, arguments args) {
  const parameters given("strftime_now", std::move(args), {"format"});
  const auto& format = given.text(0);
  if (with.now() == nullptr)
    give_up("strftime_now: no time was given");
  if (format.empty())
    return "";
  std::string text(format.size() * 8 + 256, '\0');
  with.hold(text.size());
  text.resize(std::strftime(text.data(), text.size(), format.c_str(), with.now()));
  return with.text(std::move(text));
}

/// Goes round and round through its items.
class cycler : public object, public std::enable_shared_from_this<cycler> {
public:
  explicit cycler(value_list items)
      : object(make_list(items).depth() + 1)
      , items_(std::move(items)) {}
  std::string name() const override { return "Cycler"; }
  std::optional<value> attribute(machine&, std::string_view which) override;
  value next() { return items_[std::exchange(at_, (at_ + 1) % items_.size())]; }
  value reset() {
    at_ = 0;
    return {};
  }

private:
  value_list items_;
  std::size_t at_ = 0;
};

class cycler_method : public object {
public:
  cycler_method(std::shared_ptr<cycler> of, bool resets)
      : object(of->depth() + 1)
      , of_(std::move(of))
      , resets_(resets) {}
  std::string name() const override { return "bound method"; }
  bool is_callable() const override { return true; }
  value call(machine&, arguments) override { return resets_ ? of_->reset() : of_->next(); }

private:
  std::shared_ptr<cycler> of_;
  bool resets_;
};

std::optional<value> cycler::attribute(machine&, std::string_view which) {
  if (which == "current")
    return items_[at_];
  if (which == "next" || which == "reset")
    return value(std::static_pointer_cast<object>(
        std::make_shared<cycler_method>(shared_from_this(), which == "reset")));
  return std::nullopt;
}

value make_cycler(machine&, const value&, arguments args) {
  if (args.positional.empty())
    give_up("at least one item has to be provided");
  return std::static_pointer_cast<object>(std::make_shared<cycler>(std::move(args.positional)));
}

/// Empty at the first call, then its text.
class joiner : public object {
public:
  explicit joiner(value separator)
      : object(separator.depth() + 1)
      , separator_(std::move(separator)) {}
  std::string name() const override { return "Joiner"; }
  bool is_callable() const override { return true; }
  value call(machine&, arguments) override { return std::exchange(used_, true) ? separator_ : value(""); }

private:
  value separator_;
  bool used_ = false;
};

value make_joiner(machine&, const value&, arguments args) {
  const parameters given("joiner", std::move(args), {"sep"});
  return std::static_pointer_cast<object>(std::make_shared<joiner>(given.value_or(0, ", ")));
}

constexpr std::array<named_function, 7> functions{{{"cycler", make_cycler},
                                                   {"dict", make_dict},
                                                   {"joiner", make_joiner},
                                                   {"namespace", make_namespace},
                                                   {"raise_exception", raise},
                                                   {"range", range},
                                                   {"strftime_now", now}}};

} // namespace

builtin::body find_global(std::string_view name) {
  const auto found = std::ranges::find(functions, name, &named_function::name);
  return found == functions.end() ? nullptr : found->run;
}

} // namespace troupe::kernels::chat
