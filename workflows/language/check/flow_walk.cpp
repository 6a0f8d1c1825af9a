#include "workflows/language/check/endings.hpp"
#include "workflows/language/check/flow_check.hpp"
#include "workflows/language/codes/codes.hpp"

namespace troupe::workflow {

using expression::type;
using expression::type_kind;

namespace {

type object(std::vector<std::pair<std::string, type>> named) {
  std::vector<expression::field> fields;
  for (auto& [name, holds] : named)
    fields.push_back({name, holds, true});
  return type::object(std::move(fields), false);
}

type error_type() {
  return type::object({{"kind", type_kind::text, true}, {"message", type_kind::text, true}}, true);
}

type approval_type() {
  return object({{"decision", type_kind::text},
                 {"by", type()},
                 {"at", type()},
                 {"note", type()},
                 {"edited", type()},
                 {"diff", type()}});
}

type decision_type() {
  return object(
      {{"choice", type()}, {"confidence", type_kind::number}, {"reasons", type()}, {"dissent", type()}});
}

} // namespace

flow_check::flow_check(const draft& of, const catalogue& known, reporter& to)
    : draft_(of)
    , plan_(*of.made)
    , known_(known)
    , to_(to) {
  for (const auto& [name, first] : plan_.vars)
    variables_.insert(name);
  for (const auto& s : plan_.arena)
    if (const auto* body = std::get_if<set_body>(&s->body))
      for (const auto& [name, given] : body->values)
        variables_.insert(name);
  for (const auto& [id, s] : plan_.by_id)
    numbers_.emplace(id, numbers_.size());
}

void flow_check::run(bool approved) {
  scene start;
  start.steps.resize(numbers_.size(), presence::none);
  start.approved = approved;
  scene end = start;
  if (plan_.body != nullptr)
    walk(*plan_.body, end);
  for (const file_use& u : draft_.uses) {
    scene now = u.in == surroundings::end ? end : start;
    if (u.in == surroundings::event)
      now.variables.emplace("event", type());
    if (u.in == surroundings::during) // may be asked for at any time
      now.steps.assign(now.steps.size(), presence::maybe);
    check_use(u.value, now);
  }
}

known_result flow_check::walk(const step& s, scene& now) {
  const scene before = now;
  now.at = &s;
  if (const use* condition = find_use(s, "if"))
    note_guards(*condition, now);
  check_uses(s, moment::before, now);
  known_result result = walk_body(s, now);
  if (s.output.shape)
    result = {s.output.shape->type(), s.output.shape};
  results_[&s] = result;
  now.at = before.at;
  now.guards = before.guards;
  now.conditions = before.conditions;
  now.variables = before.variables;
  walk_undoing(s, now);
  if (!s.condition.absent() && s.condition.constant() == nullptr) {
    scene skipped = before;
    merge(skipped, now, false);
    now.steps = std::move(skipped.steps);
    now.approved = before.approved;
  }
  if (!s.id.empty())
    now.steps[number_of(s.id)] = s.condition.absent() ? presence::sure : presence::maybe;
  return result;
}

void flow_check::walk_undoing(const step& s, const scene& now) {
  if (s.reconcile != nullptr) {
    scene then = now;
    walk(*s.reconcile, then);
  }
  if (s.compensate != nullptr) {
    scene then = now;
    then.variables.emplace("error", error_type());
    if (!s.id.empty())
      then.steps[number_of(s.id)] = presence::sure;
    walk(*s.compensate, then);
  }
}

known_result flow_check::walk_body(const step& s, scene& now) {
  if (std::holds_alternative<sequence_body>(s.body))
    return walk_sequence(s, now);
  if (const auto* call = std::get_if<call_body>(&s.body))
    return call_result(s, *call, now);
  if (const auto* body = std::get_if<parallel_body>(&s.body))
    return walk_parallel(s, *body, now);
  if (const auto* body = std::get_if<choice_body>(&s.body))
    return walk_choice(s, *body, now);
  if (const auto* body = std::get_if<map_body>(&s.body))
    return walk_map(s, *body, now);
  if (const auto* body = std::get_if<loop_body>(&s.body))
    return walk_loop(s, *body, now);
  if (const auto* body = std::get_if<race_body>(&s.body))
    return walk_race(*body, now);
  if (const auto* body = std::get_if<attempt_body>(&s.body))
    return walk_attempt(*body, now);
  if (const auto* body = std::get_if<sub_workflow_body>(&s.body)) {
    const auto found = known_.workflows.find(body->name);
    if (found != known_.workflows.end())
      check_arguments(s, found->second.input, "workflow \"" + body->name + "\"", now);
  }
  if (s.what == verb::approval)
    now.approved = true;
  return plain_result(s);
}

known_result flow_check::plain_result(const step& s) const {
  switch (s.what) {
  case verb::approval:
    return {approval_type(), nullptr};
  case verb::decide:
    return {decision_type(), nullptr};
  case verb::receive: {
    const auto& body = std::get<receive_body>(s.body);
    return body.shape && body.otherwise.absent() ? known_result{body.shape->type(), body.shape}
                                                 : known_result{};
  }
  case verb::wait:
  case verb::emit:
  case verb::set:
  case verb::undo:
    return {type_kind::null, nullptr};
  default:
    return {};
  }
}

known_result flow_check::walk_sequence(const step& s, scene& now) {
  known_result last;
  for (const step* child : std::get<sequence_body>(s.body).children)
    last = walk(*child, now);
  return returns_inside(s) ? known_result{} : last;
}

known_result flow_check::walk_parallel(const step& s, const parallel_body& body, scene& now) {
  const scene before = now;
  const bool all_succeed = body.join == join_rule::all;
  std::vector<std::pair<std::string, type>> results;
  for (const step* branch : body.branches) {
    scene inside = before;
    inside.at = &s;
    results.emplace_back(branch->segment, walk(*branch, inside).type);
    if (all_succeed)
      merge(now, inside, true);
    else
      weaken(now, inside);
  }
  return {all_succeed ? object(std::move(results)) : type(), nullptr};
}

known_result flow_check::walk_choice(const step& s, const choice_body& body, scene& now) {
  const scene before = now;
  std::optional<scene> after;
  std::optional<known_result> result;
  const step_source& source = draft_.sources.at(&s);
  std::size_t number = 0;
  for (const choice_arm& arm : body.arms) {
    scene inside = before;
    if (!arm.when.absent() && number < source.uses.size())
      note_guards(source.uses[number++].second, inside);
    const known_result given = walk(*arm.body, inside);
    inside.guards = before.guards;
    inside.conditions = before.conditions;
    result = result && result->shape != given.shape ? known_result{} : given;
    if (never_goes_on(*arm.body)) { // what follows the choice never follows this arm
      weaken(now, inside);
      continue;
    }
    if (after)
      merge(*after, inside, false);
    else
      after = inside;
  }
  if (after) {
    merge(*after, now, true); // the arms that end are in `now` already
    now.steps = after->steps;
    now.approved = after->approved;
  }
  return body.arms.size() == 1 && result ? *result : known_result{};
}

known_result flow_check::walk_map(const step& s, const map_body& body, scene& now) {
  if (body.body == nullptr)
    return {};
  scene inside = now;
  const use* over = find_use(s, "over");
  const type items = over == nullptr ? type() : type_of(over->value, now);
  inside.variables[body.as] = items.is(type_kind::list) ? items.element() : type();
  inside.variables["index"] = type_kind::integer;
  check_uses(s, moment::inside, inside);
  const known_result each = walk(*body.body, inside);
  return {body.on_failure == item_failure::skip ? type::list(type()) : type::list(each.type), nullptr};
}

known_result flow_check::walk_loop(const step& s, const loop_body& body, scene& now) {
  if (body.body == nullptr)
    return {};
  const scene before = now;
  scene inside = now;
  inside.variables["index"] = type_kind::integer;
  note_inside(*body.body, inside); // the round before may have run any of them
  check_uses(s, moment::inside, inside);
  const known_result last = walk(*body.body, inside);
  now.variables["index"] = type_kind::integer;
  now.steps = inside.steps;
  check_uses(s, moment::after_body, now);
  now.steps = before.steps;
  now.approved = inside.approved && body.until;
  now.approved = now.approved || before.approved;
  return last;
}

void flow_check::note_inside(const step& s, scene& now) const {
  if (!s.id.empty() && now.steps[number_of(s.id)] == presence::none)
    now.steps[number_of(s.id)] = presence::maybe;
  for (const step* part : parts_of(s))
    note_inside(*part, now);
}

known_result flow_check::walk_race(const race_body& body, scene& now) {
  const scene before = now;
  for (const step* branch : body.branches) {
    scene inside = before;
    walk(*branch, inside);
    weaken(now, inside);
  }
  return {object({{"winner", type_kind::text}, {"result", type()}}), nullptr};
}

known_result flow_check::walk_attempt(const attempt_body& body, scene& now) {
  if (body.body == nullptr)
    return {};
  const scene before = now;
  const known_result result = walk(*body.body, now);
  scene failed = before;
  weaken(failed, now);
  for (const catch_clause& handler : body.handlers) {
    scene inside = failed;
    inside.variables[handler.as.empty() ? "error" : handler.as] = error_type();
    walk(*handler.body, inside);
    if (!never_goes_on(*handler.body))
      merge(now, inside, false);
  }
  if (body.finally != nullptr) {
    scene inside = failed;
    merge(inside, now, false);
    walk(*body.finally, inside);
    for (std::size_t i = 0; i < now.steps.size(); ++i)
      if (failed.steps[i] == presence::none && now.steps[i] == presence::none)
        now.steps[i] = inside.steps[i];
  }
  return body.handlers.empty() ? result : known_result{};
}

} // namespace troupe::workflow
