#include "config/expression/evaluator.hpp"

#include "config/diagnostic/suggestion.hpp"

#include <cmath>

namespace troupe::expression {
namespace {

bool takes(const function_entry& entry, std::size_t i, const value& argument) {
  const kinds allowed = entry.takes[std::min<std::size_t>(i, 2)];
  // The last one that is given stands for the rest.
  return ((allowed ? allowed : entry.takes[0]) & one(static_kind(argument.kind()))) != 0;
}

// "it has quote, currency", or which of many was meant.
std::string fields_hint(const value& target, std::string_view wanted) {
  constexpr std::size_t listed_max = 8;
  std::vector<std::string_view> names;
  for (const map_entry& entry : target.entries()) {
    if (entry.key.is(value_kind::text))
      names.push_back(entry.key.as_text());
  }
  std::string hint = config::did_you_mean(wanted, names);
  if (!hint.empty() || names.empty())
    return hint;
  if (names.size() > listed_max)
    return "";
  for (const std::string_view name : names)
    hint += (hint.empty() ? "it has " : ", ") + std::string(name);
  return hint;
}

std::optional<std::int64_t> whole(const value& v) {
  if (v.is(value_kind::integer))
    return v.as_int();
  if (v.is(value_kind::unsigned_integer) && v.as_uint() <= INT64_MAX)
    return static_cast<std::int64_t>(v.as_uint());
  const bool is_whole = v.is(value_kind::real) && std::abs(v.as_double()) < 0x1p53 &&
                        v.as_double() == std::trunc(v.as_double());
  return is_whole ? std::optional(static_cast<std::int64_t>(v.as_double())) : std::nullopt;
}

} // namespace

bool is_absence(code c) noexcept { return c == code::no_key || c == code::no_index || c == code::undeclared; }

bool is_final(code c) noexcept { return c == code::limit || c == code::denied; }

evaluator::evaluator(const syntax_tree& tree, const scope& names, const evaluation& with)
    : tree_(tree)
    , names_(names)
    , spent_(with.limits)
    , context_{with, spent_}
    , locals_(tree.locals) {}

tl::expected<value, problem> evaluator::run() {
  auto result = evaluate(tree_.root());
  if (!result)
    return tl::unexpected(std::move(*result.error()));
  if (auto refused = spent_.allow(result->weight())) {
    refused->at = tree_.at(tree_.root()).at;
    return tl::unexpected(std::move(*refused));
  }
  return *std::move(result);
}

tl::unexpected<refusal> evaluator::at(span where, refusal refused) const {
  if (refused->at == span{})
    refused->at = where;
  return tl::unexpected(std::move(refused));
}

outcome evaluator::evaluate(node_id id) {
  const node& n = tree_.at(id);
  if (n.kind <= node_kind::field || n.kind == node_kind::index) {
    value spare;
    auto found = locate(id, spare);
    if (!found)
      return tl::unexpected(std::move(found.error()));
    return *found == &spare ? std::move(spare) : **found;
  }
  if (auto refused = spent_.spend(1))
    return at(n.at, std::move(refused));
  auto made = compute(n);
  if (!made)
    return at(n.at, std::move(made.error()));
  return made;
}

outcome evaluator::compute(const node& n) {
  switch (n.kind) {
  case node_kind::has:
    return has(n);
  case node_kind::call:
    return call(n);
  case node_kind::and_:
    return either(n, false);
  case node_kind::or_:
    return either(n, true);
  case node_kind::coalesce:
    return coalesce(n);
  case node_kind::conditional:
    return conditional(n);
  case node_kind::list:
    return list(n);
  case node_kind::map:
    return map(n);
  case node_kind::all:
  case node_kind::exists:
  case node_kind::exists_one:
  case node_kind::filter:
  case node_kind::transform:
    return macro(n);
  default:
    return binary(n);
  }
}

evaluator::located evaluator::locate(node_id id, value& spare) {
  const node& n = tree_.at(id);
  if (auto refused = spent_.spend(1))
    return at(n.at, std::move(refused));
  switch (n.kind) {
  case node_kind::literal:
    return &tree_.literals[n.index];
  case node_kind::local:
    return locals_[n.index];
  case node_kind::variable:
    return locate_variable(n, spare);
  case node_kind::field:
    return locate_field(n, spare);
  case node_kind::index:
    return locate_index(n, spare);
  default:
    break;
  }
  auto made = compute(n);
  if (!made)
    return at(n.at, std::move(made.error()));
  spare = *std::move(made);
  return &spare;
}

evaluator::located evaluator::locate_variable(const node& n, value& spare) {
  const std::string& name = tree_.name_of(n);
  const auto found = names_.find(name);
  if (!found)
    return at(n.at, reject(code::denied, found.error().message, found.error().hint).value());
  if (*found)
    return *found;
  if (!is_type_name(name))
    return at(n.at, reject(code::undeclared, "there is no variable \"" + name + "\"").value());
  spare = value::type(name);
  return &spare;
}

tl::expected<std::optional<const value*>, refusal> evaluator::field_of_variable(const node& n) {
  const node& target = tree_.child(n, 0);
  if (target.kind != node_kind::variable)
    return std::nullopt;
  const auto found = names_.find_field(tree_.name_of(target), tree_.name_of(n));
  if (found && !*found) {
    const std::string name = "\"" + tree_.name_of(target) + "\" has no \"" + tree_.name_of(n) + "\"";
    return at(n.mark, reject(code::no_key, name).value());
  }
  return found;
}

evaluator::located evaluator::locate_field(const node& n, value& spare) {
  auto direct = field_of_variable(n);
  if (!direct)
    return tl::unexpected(std::move(direct.error()));
  if (*direct)
    return **direct;
  auto target = locate(tree_.children_of(n)[0], spare);
  if (!target)
    return target;
  return field_of(n, **target);
}

evaluator::located evaluator::field_of(const node& n, const value& target) {
  if (!target.is(value_kind::map))
    return no_field(n, target);
  const value* found = target.find(tree_.name_of(n));
  if (!found)
    return no_field(n, target);
  return found;
}

tl::unexpected<refusal> evaluator::no_field(const node& n, const value& target) const {
  const std::string& name = tree_.name_of(n);
  if (tolerant_ > 0 && (target.is_null() || target.is(value_kind::map)))
    return at(n.mark, reject(code::no_key, "absent").value());
  const std::string whose = "\"" + std::string(tree_.text_of(tree_.child(n, 0).at)) + "\"";
  if (target.is(value_kind::map))
    return at(n.mark,
              reject(code::no_key, whose + " has no \"" + name + "\"", fields_hint(target, name)).value());
  if (target.is_null())
    return at(n.mark,
              reject(code::no_key, whose + " is null and has no \"" + name + "\"", "a.b ?? c takes c then")
                  .value());
  const std::string kind(to_string(target.kind()));
  return at(n.mark, reject(code::no_overload, whose + " is of type " + kind + " and has no fields",
                           target.is(value_kind::list)
                               ? "list[0] is the first item; list.map(x, x." + name + ") takes it of each"
                               : "")
                        .value());
}

evaluator::located evaluator::locate_index(const node& n, value& spare) {
  auto target = locate(tree_.children_of(n)[0], spare);
  if (!target)
    return target;
  value spare_key;
  auto key = locate(tree_.children_of(n)[1], spare_key);
  if (!key)
    return key;
  if ((*target)->is(value_kind::map)) {
    const value* found = (*target)->find(**key);
    if (!found)
      return no_item(n, **target, **key);
    return found;
  }
  if (!(*target)->is(value_kind::list))
    return no_item(n, **target, **key);
  const auto position = whole(**key);
  const auto& items = (*target)->items();
  if (!position || *position < 0 || static_cast<std::uint64_t>(*position) >= items.size())
    return no_item(n, **target, **key);
  return &items[static_cast<std::size_t>(*position)];
}

tl::unexpected<refusal> evaluator::no_item(const node& n, const value& target, const value& key) const {
  const std::string whose = "\"" + std::string(tree_.text_of(tree_.child(n, 0).at)) + "\"";
  if (target.is_null())
    return at(n.mark,
              reject(code::no_key, whose + " is null and has no items", "a[b] ?? c takes c then").value());
  if (target.is(value_kind::map)) {
    const bool is_name = key.is(value_kind::text);
    return at(n.mark,
              reject(code::no_key,
                     whose + " has no " + (is_name ? "\"" + key.as_text().substr(0, 64) + "\"" : "such key"),
                     is_name && tolerant_ == 0 ? fields_hint(target, key.as_text()) : "")
                  .value());
  }
  const auto position = whole(key);
  if (!target.is(value_kind::list) || !position)
    return at(n.mark, reject_kinds("[]", {&target, &key}).value());
  const std::size_t size = target.items().size();
  return at(n.mark,
            reject(code::no_index,
                   "there is no item " + std::to_string(*position) + " in a list of " + std::to_string(size),
                   size > 0 ? "items count from 0" : "")
                .value());
}

outcome evaluator::has(const node& n) {
  auto direct = field_of_variable(n);
  if (!direct && direct.error()->what == code::no_key)
    return value::of(false);
  if (!direct)
    return tl::unexpected(std::move(direct.error()));
  if (*direct)
    return value::of(true);
  value spare;
  auto target = locate(tree_.children_of(n)[0], spare);
  if (!target)
    return tl::unexpected(std::move(target.error()));
  if (!(*target)->is(value_kind::map))
    return no_field(n, **target);
  return value::of((*target)->find(tree_.name_of(n)) != nullptr);
}

// Either side alone can decide, and then the other one may fail: `deciding` is true for || and false for &&.
outcome evaluator::either(const node& n, bool deciding) {
  refusal refused;
  for (const node_id side : tree_.children_of(n)) {
    auto holds = evaluate(side);
    if (holds && !holds->is(value_kind::boolean))
      holds = at(tree_.at(side).at, reject_kinds(to_string(n.kind), {&*holds}).value());
    if (holds && holds->as_bool() == deciding)
      return holds;
    if (holds)
      continue;
    if (is_final(holds.error()->what))
      return holds;
    if (!refused)
      refused = std::move(holds.error());
  }
  if (refused)
    return tl::unexpected(std::move(refused));
  return value::of(!deciding);
}

outcome evaluator::coalesce(const node& n) {
  ++tolerant_;
  auto left = evaluate(tree_.children_of(n)[0]);
  --tolerant_;
  const bool is_there = left ? !left->is_null() : !is_absence(left.error()->what);
  return is_there ? std::move(left) : evaluate(tree_.children_of(n)[1]);
}

outcome evaluator::conditional(const node& n) {
  const auto parts = tree_.children_of(n);
  auto holds = condition(parts[0]);
  if (!holds)
    return holds;
  return evaluate(holds->as_bool() ? parts[1] : parts[2]);
}

// What must be true or false.
outcome evaluator::condition(node_id id) {
  auto holds = evaluate(id);
  if (!holds || holds->is(value_kind::boolean))
    return holds;
  return at(tree_.at(id).at, reject(code::no_overload, "a condition is of type bool, not " +
                                                           std::string(to_string(holds->kind())))
                                 .value());
}

outcome evaluator::binary(const node& n) {
  const auto operands = tree_.children_of(n);
  value spare_a, spare_b;
  auto a = locate(operands[0], spare_a);
  if (!a)
    return tl::unexpected(std::move(a.error()));
  if (n.kind == node_kind::negate)
    return negated(**a);
  if (n.kind == node_kind::not_)
    return (*a)->is(value_kind::boolean) ? outcome(value::of(!(*a)->as_bool()))
                                         : outcome(reject_kinds("!", {*a}));
  auto b = locate(operands[1], spare_b);
  if (!b)
    return tl::unexpected(std::move(b.error()));
  switch (n.kind) {
  case node_kind::equal:
  case node_kind::not_equal:
    if (auto refused = spent_.spend_bytes(std::min((*a)->weight(), (*b)->weight())))
      return tl::unexpected(std::move(refused));
    return value::of(equal(**a, **b) == (n.kind == node_kind::equal));
  case node_kind::less:
  case node_kind::less_equal:
  case node_kind::greater:
  case node_kind::greater_equal:
    return ordered(n.kind, **a, **b);
  case node_kind::in:
    return contained(**a, **b, context_);
  default:
    return calculate(n.kind, **a, **b, context_);
  }
}

outcome evaluator::call(const node& n) {
  const function_entry& entry = entry_of(n.called);
  std::vector<value> arguments;
  arguments.reserve(n.child_count);
  for (const node_id child : tree_.children_of(n)) {
    auto argument = evaluate(child);
    if (!argument)
      return argument;
    if (!takes(entry, arguments.size(), *argument))
      return at(tree_.at(child).at,
                reject(code::no_overload,
                       std::string(entry.name) + " does not take " + std::string(to_string(argument->kind())),
                       "write " + std::string(entry.usage))
                    .value());
    arguments.push_back(*std::move(argument));
  }
  const bool ready = n.called == function::matches && n.index > 0;
  return call_function(entry, arguments, ready ? &tree_.patterns[n.index - 1] : nullptr, context_);
}

outcome evaluator::list(const node& n) {
  std::vector<value> items;
  items.reserve(n.child_count);
  for (const node_id child : tree_.children_of(n)) {
    auto item = evaluate(child);
    if (!item)
      return item;
    items.push_back(*std::move(item));
  }
  return spent_.accept(value::list(std::move(items)));
}

outcome evaluator::map(const node& n) {
  std::vector<map_entry> entries;
  const auto parts = tree_.children_of(n);
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    auto key = evaluate(parts[i]);
    if (!key)
      return key;
    const value_kind kind = key->kind();
    if (kind != value_kind::boolean && kind != value_kind::integer && kind != value_kind::unsigned_integer &&
        kind != value_kind::text)
      return at(tree_.at(parts[i]).at,
                reject(code::no_overload,
                       "the key of a map is a bool, int, uint or string, not " + std::string(to_string(kind)))
                    .value());
    auto item = evaluate(parts[i + 1]);
    if (!item)
      return item;
    entries.push_back({*std::move(key), *std::move(item)});
  }
  auto made = value::map(std::move(entries));
  if (!made)
    return reject(code::repeated_key, "two keys of the map are the same");
  return spent_.accept(*std::move(made));
}

} // namespace troupe::expression
