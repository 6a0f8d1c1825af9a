#include "config/diagnostic/suggestion.hpp"
#include "workflows/language/check/field_words.hpp"
#include "workflows/language/check/flow_check.hpp"
#include "workflows/language/check/hints.hpp"
#include "workflows/language/codes/codes.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using expression::reference;
using expression::type;
using expression::type_kind;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

type run_type() {
  return type::object({{"id", type_kind::text, true},
                       {"workflow", type_kind::text, true},
                       {"started_by", type(), true},
                       {"now", type_kind::timestamp, true},
                       {"phase", type(), true}},
                      true);
}

type step_type() {
  return type::object({{"id", type_kind::text, true},
                       {"path", type_kind::text, true},
                       {"attempt", type_kind::integer, true},
                       {"idempotency_key", type_kind::text, true}},
                      true);
}

std::string_view code_of(expression::code what) {
  switch (what) {
  case expression::code::undeclared:
    return codes::unknown_variable;
  case expression::code::unknown_call:
    return codes::unknown_function;
  case expression::code::no_field:
  case expression::code::no_key:
    return codes::no_such_field;
  case expression::code::unsupported:
    return codes::outside_subset;
  default:
    return codes::type_mismatch;
  }
}

bool overlap(const expression::span& a, const expression::span& b) {
  return a.begin < b.end && b.begin < a.end;
}

} // namespace

const use* flow_check::find_use(const step& s, std::string_view key) const {
  for (const auto& [when, u] : draft_.sources.at(&s).uses)
    if (u.key == key)
      return &u;
  return nullptr;
}

// `if: ${{ has(steps.a) }}`: what is inside may read steps.a.
void flow_check::note_guards(const use& condition, scene& now) const {
  if (!condition.value.text)
    return;
  now.conditions.insert(std::string(condition.value.at.text()));
  for (const reference& r : condition.value.text->references())
    if (r.root == "steps" && !r.path.empty())
      now.guards.insert(r.path.front());
}

void flow_check::check_uses(const step& s, moment when, const scene& now) {
  for (const auto& [moment, u] : draft_.sources.at(&s).uses)
    if (moment == when)
      check_use(u, now);
}

void flow_check::check_use(const use& u, const scene& now) {
  check_written(u, u.value, now);
  if (!u.value.broken && u.value.text)
    check_wanted(u, u.value, type_of(u.value, now));
}

void flow_check::check_written(const use& u, const written& w, const scene& now) {
  if (w.text)
    check_text(u, w, now);
  for (const written& item : w.items)
    check_written(u, item, now);
  for (const auto& [name, item] : w.entries)
    check_written(u, item, now);
}

void flow_check::check_text(const use& u, const written& w, const scene& now) {
  const auto references = w.text->references();
  std::vector<expression::span> told;
  for (const reference& r : references) {
    const std::size_t before = to_.errors();
    check_reference(u, w, r, now);
    if (to_.errors() > before || r.needed < r.path.size())
      told.push_back(r.at);
  }
  for (const expression::problem& found : w.text->check(types_in(now, references)).problems) {
    const bool known =
        std::any_of(told.begin(), told.end(), [&](const auto& at) { return overlap(at, found.at); });
    if (!known)
      to_.error(w.at.in(), place_of(w.at, found.at), code_of(found.what), found.message, found.hint);
  }
}

void flow_check::check_reference(const use& u, const written& w, const reference& r, const scene& now) {
  if (r.root == "vars" && !r.path.empty()) {
    read_.insert(r.path.front());
    if (!variables_.contains(r.path.front()) && r.needed > 0)
      to_.error(w.at.in(), place_of(w.at, r.at), codes::unknown_variable,
                "nothing sets the variable " + quoted(r.path.front()),
                hint_among(r.path.front(), {variables_.begin(), variables_.end()}));
    return;
  }
  if (r.root == "secrets") {
    if (!u.secrets)
      to_.error(w.at.in(), place_of(w.at, r.at), codes::secret_outside_with,
                "a secret here would reach the journal: " + quoted(u.key) + " is kept in clear",
                "secrets stand in \"with\" only");
    return;
  }
  if (r.root == "steps")
    return check_step_reference(u, w, r, now);
  if (types_in(now, {}).find(r.root) == nullptr)
    return report_unknown_variable(w, r, now);
  check_fields(u, w, r, now);
}

void flow_check::report_unknown_variable(const written& w, const reference& r, const scene& now) {
  const scene_types known = types_in(now, {});
  std::string hint = config::did_you_mean(r.root, known.names());
  if (plan_.by_id.contains(r.root))
    hint = "a step's result is steps." + r.root;
  else if (variables_.contains(r.root))
    hint = "a variable is vars." + r.root;
  else if (plan_.input && plan_.input->type().find(r.root) != nullptr)
    hint = "a part of the input is input." + r.root;
  else if (r.root == "error" || r.root == "item" || r.root == "index" || r.root == "event")
    hint = r.root == "error"   ? "it is known inside \"catch\""
           : r.root == "event" ? "it is known in \"on.message\""
                               : "it is known inside \"map\"";
  to_.error(w.at.in(), place_of(w.at, r.parts.front()), codes::unknown_variable,
            "there is no variable " + quoted(r.root) + " here", std::move(hint));
}

void flow_check::check_step_reference(const use& u, const written& w, const reference& r, const scene& now) {
  if (r.path.empty())
    return;
  const auto target = plan_.by_id.find(r.path.front());
  if (target == plan_.by_id.end())
    return report_unknown_step(w, r);
  const presence there = now.steps[number_of(r.path.front())];
  if (there == presence::none)
    return report_hidden_step(w, r, *target->second, now);
  if (there == presence::maybe && r.needed > 0)
    report_maybe(w, r, now);
  check_fields(u, w, r, now);
}

void flow_check::report_unknown_step(const written& w, const reference& r) {
  std::string hint;
  if (const auto near = to_.full() ? std::nullopt : nearest_of(r.path.front(), keys_of(plan_.by_id)))
    hint = "did you mean steps." + std::string(*near) + "?";
  else if (plan_.by_id.empty())
    hint = "give the step an id";
  to_.error(w.at.in(), place_of(w.at, {r.parts.front().begin, r.parts.at(1).end}), codes::unknown_step,
            "there is no step " + quoted(r.path.front()), std::move(hint));
}

void flow_check::report_maybe(const written& w, const reference& r, const scene& now) {
  const step& target = *plan_.by_id.find(r.path.front())->second;
  const use* condition = find_use(target, "if");
  const bool same_condition =
      condition != nullptr && now.conditions.contains(std::string(condition->value.at.text()));
  bool asked = same_condition || now.guards.contains(r.path.front());
  for (const reference& other : w.text->references())
    asked = asked || (other.needed == 0 && other.root == "steps" && !other.path.empty() &&
                      other.path.front() == r.path.front());
  if (!asked)
    to_.warning(w.at.in(), place_of(w.at, r.at), codes::step_maybe,
                "step " + quoted(r.path.front()) + " may not have run here",
                "say what holds then: steps." + r.path.front() + " ?? …");
}

void flow_check::check_fields(const use& u, const written& w, const reference& r, const scene& now) {
  const bool of_step = r.root == "steps";
  known_result known;
  if (of_step) {
    const auto found = results_.find(plan_.by_id.find(r.path.front())->second);
    known = found == results_.end() ? known_result{} : found->second;
  } else {
    known.type = *types_in(now, {}).find(r.root);
    known.shape = r.root == "input" ? plan_.input : nullptr;
  }
  std::vector<std::string> path;
  type at = known.type;
  for (std::size_t i = of_step ? 1 : 0; i < r.needed; ++i) {
    if (!at.is(type_kind::object))
      return; // the expression's own check goes on from here
    const expression::field* field = at.find(r.path[i]);
    if (field == nullptr && at.is_open())
      return;
    if (field == nullptr) {
      const field_words words{r, i, known.shape ? known.shape->fields(path) : std::vector<std::string>{}, at};
      to_.error(w.at.in(), place_of(w.at, {r.parts.front().begin, r.parts.at(i + 1).end}),
                codes::no_such_field,
                who(u, now) + " reads " + words.wanted() + ", but " + words.holder() + words.content(),
                words.hint());
      return;
    }
    path.push_back(r.path[i]);
    at = field->holds;
  }
}

std::string flow_check::who(const use& u, const scene& now) const {
  if (now.at == nullptr)
    return quoted(u.key);
  if (!now.at->id.empty())
    return "step " + quoted(now.at->id);
  return quoted(u.key);
}

void flow_check::check_wanted(const use& u, const written& w, const type& given) {
  static const std::map<wanted, type> expected{
      {wanted::boolean, type_kind::boolean}, {wanted::integer, type_kind::integer}, {wanted::list, type()}};
  const auto found = expected.find(u.as);
  if (found == expected.end() || given.is_dyn())
    return;
  const bool is_map = given.is(type_kind::map) || given.is(type_kind::object);
  const bool fits =
      u.as == wanted::list ? given.is(type_kind::list) || is_map : expression::fits(given, found->second);
  const bool number = u.as == wanted::integer && given.is(type_kind::number);
  if (fits || number || to_.mentioned(w.at.where()))
    return;
  const bool condition = u.as == wanted::boolean;
  const std::string wanted_name = u.as == wanted::list ? "list" : found->second.name();
  to_.error(w.at.in(), w.at.where(), condition ? codes::not_a_condition : codes::wrong_result,
            quoted(u.key) + " needs a " + wanted_name + ", but this is of type " + given.name(),
            condition ? "compare it with something" : "");
}

type flow_check::type_of(const written& w, const scene& now) const {
  if (w.broken)
    return {};
  if (w.text)
    return w.text->check(types_in(now, w.text->references())).result;
  if (w.at.is(config::node_kind::list)) {
    type element;
    for (std::size_t i = 0; i < w.items.size(); ++i)
      element = i == 0 ? type_of(w.items[i], now) : expression::join(element, type_of(w.items[i], now));
    return type::list(element);
  }
  if (w.at.is(config::node_kind::map)) {
    std::vector<expression::field> fields;
    for (const auto& [name, item] : w.entries)
      fields.push_back({name, type_of(item, now), true});
    return type::object(std::move(fields), false);
  }
  return expression::type_of(literal_value(w.at));
}

// Of steps only those that are read: there may be thousands.
scene_types flow_check::types_in(const scene& now, const std::vector<reference>& read) const {
  auto roots = now.variables;
  std::map<std::string, expression::field> seen;
  for (const reference& r : read) {
    if (r.root != "steps" || r.path.empty() || !numbers_.contains(r.path.front()))
      continue;
    const std::string& id = r.path.front();
    const auto found = results_.find(plan_.by_id.find(id)->second);
    const bool surely = now.steps[number_of(id)] == presence::sure;
    seen.emplace(id, expression::field{id, found == results_.end() ? type() : found->second.type, surely});
  }
  std::vector<expression::field> fields;
  for (auto& [id, field] : seen)
    fields.push_back(std::move(field));
  const type any_text = type::map(type_kind::text, type_kind::text);
  roots.emplace("steps", type::object(std::move(fields), true));
  roots.emplace("input", plan_.input ? plan_.input->type() : type());
  roots.emplace("vars", type::map(type_kind::text, type()));
  roots.emplace("run", run_type());
  roots.emplace("env", any_text);
  roots.emplace("secrets", any_text);
  if (now.at != nullptr)
    roots.emplace("step", step_type());
  return scene_types(std::move(roots));
}

} // namespace troupe::workflow
