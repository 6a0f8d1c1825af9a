#include "config/expression/checker.hpp"

#include "config/diagnostic/suggestion.hpp"
#include "config/expression/operation.hpp"

namespace troupe::expression {
namespace {

bool may_be(const type& t, type_kind kind) { return t.is_dyn() || t.is(kind); }

// "did you mean steps.check.quote?", or what there is to choose from.
std::string field_hint(std::string_view path, std::string_view wanted, const type& of) {
  constexpr std::size_t listed_max = 8;
  std::vector<std::string_view> names;
  for (const field& f : of.fields())
    names.push_back(f.name);
  if (const auto meant = config::nearest(wanted, names))
    return "did you mean " + std::string(path) + "." + std::string(*meant) + "?";
  if (names.empty() || names.size() > listed_max)
    return "";
  std::string hint = "it has ";
  for (std::size_t i = 0; i < names.size(); ++i)
    hint += (i > 0 ? ", " : "") + std::string(names[i]);
  return hint;
}

std::string conversion_hint(const type& a, const type& b) {
  const bool with_text = a.is(type_kind::text) || b.is(type_kind::text);
  const bool with_time = a.is(type_kind::timestamp) || b.is(type_kind::timestamp);
  if (with_text && with_time)
    return "timestamp(…) reads a text";
  if (with_text && (a.is(type_kind::duration) || b.is(type_kind::duration)))
    return "duration(…) reads a text";
  return with_text ? "convert one of them: string(…), int(…) or double(…)" : "";
}

} // namespace

checker::checker(const syntax_tree& tree, const type_scope& names)
    : tree_(tree)
    , names_(names)
    , locals_(tree.locals) {}

checked checker::run() {
  checked done;
  done.result = visit(tree_.root());
  done.problems = std::move(problems_);
  return done;
}

type checker::report(code what, span at, std::string message, std::string hint) {
  problems_.push_back({what, std::move(message), at, std::move(hint)});
  return {};
}

type checker::report_kinds(const node& n, const type& a, const type& b) {
  return report(code::no_overload, n.mark,
                std::string(to_string(n.kind)) + " does not take " + a.name() + " and " + b.name(),
                conversion_hint(a, b));
}

std::string checker::shown(const node& n) const { return "\"" + std::string(tree_.text_of(n.at)) + "\""; }

type checker::visit(node_id id) {
  const node& n = tree_.at(id);
  switch (n.kind) {
  case node_kind::literal:
    return static_kind(tree_.literals[n.index].kind());
  case node_kind::local:
    return locals_[n.index];
  case node_kind::variable:
    return variable(n);
  case node_kind::field:
    return field_type(n);
  case node_kind::has:
    field_type(n);
    return type_kind::boolean;
  case node_kind::index:
    return index_type(n);
  case node_kind::call:
    return call(n);
  case node_kind::negate:
  case node_kind::not_:
    return unary(n);
  case node_kind::and_:
  case node_kind::or_:
    return logical(n);
  case node_kind::in:
    return membership(n);
  case node_kind::coalesce: {
    const type left = visit(tree_.children_of(n)[0]);
    const type right = visit(tree_.children_of(n)[1]);
    return left.is(type_kind::null) ? right : join(left, right);
  }
  case node_kind::conditional:
    return conditional(n);
  case node_kind::list:
    return list_literal(n);
  case node_kind::map:
    return map_literal(n);
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

type checker::variable(const node& n) {
  const std::string& name = tree_.name_of(n);
  if (const type* known = names_.find(name))
    return *known;
  if (is_type_name(name))
    return type_kind::type;
  if (names_.is_open())
    return {};
  return report(code::undeclared, n.at, "there is no variable \"" + name + "\"",
                config::did_you_mean(name, names_.names()));
}

type checker::field_type(const node& n) {
  const node& target = tree_.child(n, 0);
  const std::string& name = tree_.name_of(n);
  const type of = visit(tree_.children_of(n)[0]);
  if (of.is(type_kind::object)) {
    if (const field* there = of.find(name))
      return there->holds;
    if (of.is_open())
      return {};
    return report(code::no_field, n.mark, shown(target) + " has no \"" + name + "\"",
                  field_hint(tree_.text_of(target.at), name, of));
  }
  if (of.is(type_kind::map) && fits(type_kind::text, of.key()))
    return of.item();
  if (of.is_dyn() || of.is(type_kind::null)) // null may stand left of ??
    return {};
  const bool is_list = of.is(type_kind::list);
  return report(code::no_overload, n.mark, shown(target) + " is of type " + of.name() + " and has no fields",
                is_list ? "[0] takes the first item; .map(x, x." + name + ") takes it of each" : "");
}

type checker::index_type(const node& n) {
  const type of = visit(tree_.children_of(n)[0]);
  const type which = visit(tree_.children_of(n)[1]);
  if (of.is(type_kind::list)) {
    const bool is_position = which.is_dyn() || which.is(type_kind::integer) ||
                             which.is(type_kind::unsigned_integer) || which.is(type_kind::number);
    if (is_position)
      return of.element();
    return report(code::no_overload, n.mark, "the items of a list are counted: an int, not " + which.name());
  }
  const node& key = tree_.child(n, 1);
  const bool is_name = key.kind == node_kind::literal && tree_.literals[key.index].is(value_kind::text);
  if (of.is(type_kind::object) && is_name) {
    const std::string& name = tree_.literals[key.index].as_text();
    if (const field* there = of.find(name))
      return there->holds;
    if (of.is_open())
      return {};
    const node& target = tree_.child(n, 0);
    return report(code::no_field, key.at, shown(target) + " has no \"" + name + "\"",
                  field_hint(tree_.text_of(target.at), name, of));
  }
  if (of.is(type_kind::object) || of.is(type_kind::map)) {
    if (can_be_equal(which, of.key()))
      return of.item();
    return report(code::no_overload, key.at,
                  "the keys are of type " + of.key().name() + ", not " + which.name());
  }
  if (of.is_dyn() || of.is(type_kind::null))
    return {};
  return report(code::no_overload, n.mark,
                shown(tree_.child(n, 0)) + " is of type " + of.name() + " and has no items");
}

type checker::list_literal(const node& n) {
  type element;
  for (std::size_t i = 0; i < n.child_count; ++i) {
    const type item = visit(tree_.children_of(n)[i]);
    element = i == 0 ? item : join(element, item);
  }
  return type::list(element);
}

// With names that are written out it is an object, each field with its own type. It is open: to ask a literal
// for a field that it does not have is no mistake in CEL, it is absent.
type checker::map_literal(const node& n) {
  const auto parts = tree_.children_of(n);
  std::vector<field> fields;
  type keys, items;
  for (std::size_t i = 0; i < parts.size(); i += 2) {
    const node& key = tree_.at(parts[i]);
    const type of_key = visit(parts[i]);
    const type of_item = visit(parts[i + 1]);
    if (!may_be(of_key, type_kind::boolean) && !of_key.is(type_kind::integer) &&
        !of_key.is(type_kind::unsigned_integer) && !of_key.is(type_kind::text) &&
        !of_key.is(type_kind::number))
      report(code::no_overload, key.at,
             "the key of a map is a bool, int, uint or string, not " + of_key.name());
    keys = i == 0 ? of_key : join(keys, of_key);
    items = i == 0 ? of_item : join(items, of_item);
    if (key.kind == node_kind::literal && tree_.literals[key.index].is(value_kind::text))
      fields.push_back({tree_.literals[key.index].as_text(), of_item, true});
  }
  const bool all_named = fields.size() * 2 == parts.size() && !parts.empty();
  return all_named ? type::object(std::move(fields), true) : type::map(keys, items);
}

type checker::unary(const node& n) {
  const type of = visit(tree_.children_of(n)[0]);
  const bool is_not = n.kind == node_kind::not_;
  const bool takes =
      is_not ? may_be(of, type_kind::boolean)
             : may_be(of, type_kind::integer) || of.is(type_kind::real) || of.is(type_kind::number);
  if (!takes)
    report(code::no_overload, n.mark, std::string(to_string(n.kind)) + " does not take " + of.name());
  return is_not ? type(type_kind::boolean) : takes ? of : type();
}

void checker::expect_bool(node_id id) {
  const type of = visit(id);
  if (!may_be(of, type_kind::boolean))
    report(code::no_overload, tree_.at(id).at, "a condition is of type bool, not " + of.name());
}

type checker::logical(const node& n) {
  for (const node_id side : tree_.children_of(n))
    expect_bool(side);
  return type_kind::boolean;
}

type checker::membership(const node& n) {
  const type item = visit(tree_.children_of(n)[0]);
  const type holder = visit(tree_.children_of(n)[1]);
  const bool is_list = holder.is(type_kind::list);
  if (!is_list && !holder.is(type_kind::map) && !holder.is(type_kind::object) && !holder.is_dyn())
    report(code::no_overload, n.mark, "in looks into a list or a map, not " + holder.name(),
           holder.is(type_kind::text) ? "text.contains(part) looks into a text" : "");
  else if (!holder.is_dyn() && !can_be_equal(item, is_list ? holder.element() : holder.key()))
    report(code::no_overload, n.mark, item.name() + " is never in " + holder.name(),
           conversion_hint(item, is_list ? holder.element() : holder.key()));
  return type_kind::boolean;
}

type checker::conditional(const node& n) {
  const auto parts = tree_.children_of(n);
  expect_bool(parts[0]);
  const type if_true = visit(parts[1]);
  return join(if_true, visit(parts[2]));
}

type checker::binary(const node& n) {
  const type a = visit(tree_.children_of(n)[0]);
  const type b = visit(tree_.children_of(n)[1]);
  if (n.kind == node_kind::equal || n.kind == node_kind::not_equal) {
    if (!can_be_equal(a, b))
      report(code::no_overload, n.mark, a.name() + " and " + b.name() + " are never equal",
             conversion_hint(a, b));
    return type_kind::boolean;
  }
  if (n.kind >= node_kind::less && n.kind <= node_kind::greater_equal) {
    if (!can_be_ordered(a, b))
      report_kinds(n, a, b);
    return type_kind::boolean;
  }
  const auto result = calculated(n.kind, a, b);
  return result ? *result : report_kinds(n, a, b);
}

type checker::macro(const node& n) {
  const auto parts = tree_.children_of(n);
  const type range = visit(parts[0]);
  const bool has_elements =
      range.is_dyn() || range.is(type_kind::list) || range.is(type_kind::map) || range.is(type_kind::object);
  if (!has_elements)
    report(code::no_overload, tree_.at(parts[0]).at,
           std::string(tree_.text_of(n.mark)) + " goes through a list or a map, not " + range.name());
  locals_[n.index] = range.is(type_kind::list) ? range.element() : range.key();
  const bool transforms = n.kind == node_kind::transform;
  if (!transforms || parts.size() == 3)
    expect_bool(parts[1]);
  if (transforms)
    return type::list(visit(parts.back()));
  return n.kind == node_kind::filter ? type::list(locals_[n.index]) : type(type_kind::boolean);
}

} // namespace troupe::expression
