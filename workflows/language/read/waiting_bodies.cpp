#include "config/expression/moment.hpp"
#include "config/settings/units.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/read/plan_reader.hpp"

/// Steps that wait for people, agents, time or messages.
namespace troupe::workflow {

using config::node;
using config::node_kind;

approver_rule plan_reader::read_approvers(const step& of, const node& map) {
  approver_rule made;
  made.role = formula_at(of, map, "role", wanted::text);
  made.users = formula_at(of, map, "users");
  made.not_user = formula_at(of, map, "not");
  made.quorum = formula_at(of, map, "quorum", wanted::integer);
  return made;
}

step_body plan_reader::read_approval(const step& of, const node& body) {
  approval_body made;
  made.title = formula_at(of, body, "title", wanted::text);
  made.show = formula_at(of, body, "show");
  if (const auto by = find(body, "by"))
    made.by = read_approvers(of, *by);
  if (const auto edit = find(body, "edit"))
    made.edit = formula_at(of, *edit, "value", wanted::anything, moment::before, "edit");
  if (const auto remind = find(body, "remind"); remind && remind->is(node_kind::list))
    for (const node& after : remind->items())
      if (after.is(node_kind::text) && !to_.rejected(after))
        made.remind.push_back(config::parse_duration(after.text()).value_or(milliseconds(0)));
  if (const auto escalate = find(body, "escalate")) {
    made.escalate_after = duration_at(*escalate, "after", to_);
    if (const auto to = find(*escalate, "to"))
      made.escalate_to = read_approvers(of, *to);
  }
  made.deadline = duration_at(body, "deadline", to_);
  const std::string late = text_at(body, "default", to_);
  made.when_late = late == "approve"  ? approval_default::approve
                   : late == "reject" ? approval_default::reject
                   : late == "fail"   ? approval_default::fail
                                      : approval_default::none;
  return made;
}

step_body plan_reader::read_decide(const step& of, const node& body) {
  decide_body made;
  made.agents = formula_at(of, body, "agents", wanted::list);
  made.question = formula_at(of, body, "question", wanted::text);
  made.options = formula_at(of, body, "options");
  made.criteria = formula_at(of, body, "criteria");
  made.quorum = count_at(body, "quorum", 0, to_);
  return made;
}

step_body plan_reader::read_wait(const step& of, const node& body) {
  wait_body made;
  if (body.is(node_kind::map)) {
    const auto until = find(body, "until");
    if (until && until->is(node_kind::text) && until->text().find("${{") == std::string_view::npos &&
        !expression::parse_timestamp(until->text()))
      to_.reject(*until, codes::wrong_kind, "\"" + std::string(until->text()) + "\" is no instant",
                 "write it like 2026-11-20T18:38:00Z");
    made.until = formula_at(of, body, "until", wanted::instant);
    return made;
  }
  const bool literal = body.is(node_kind::text) && body.text().find("${{") == std::string_view::npos;
  if (!literal) {
    made.span = remember(of, body, "wait", wanted::duration);
    return made;
  }
  const auto span = config::parse_duration(body.text()).value_or(milliseconds(0));
  made.span =
      formula::literal(expression::value::of(expression::duration{std::chrono::nanoseconds(span).count()}));
  return made;
}

step_body plan_reader::read_receive(const step& of, const node& body) {
  receive_body made;
  made.signal = formula_at(of, body, "signal", wanted::text);
  made.correlate = formula_at(of, body, "correlate", wanted::text);
  if (const auto shape = find(body, "schema"))
    made.shape = read_schema(*shape, false);
  made.timeout = duration_at(body, "timeout", to_);
  made.otherwise = formula_at(of, body, "default");
  return made;
}

step_body plan_reader::read_set(const step& of, const node& body) {
  set_body made;
  if (body.is(node_kind::map))
    for (const config::entry& e : body.entries())
      made.values.emplace_back(std::string(e.key.text()),
                               remember(of, e.value, "set." + std::string(e.key.text()), wanted::anything));
  return made;
}

} // namespace troupe::workflow
