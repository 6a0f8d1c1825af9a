// What a card says about its step.
#include "config/settings/units.hpp"
#include "workflows/graph/diagram.hpp"
#include "workflows/plan/formula_source.hpp"
#include "workflows/plan/schema.hpp"

namespace troupe::workflow {
namespace {

std::string_view effect_word(effect_class e) {
  switch (e) {
  case effect_class::once:
    return "once";
  case effect_class::pure:
    return "pure";
  case effect_class::idempotent:
    return "idempotent";
  case effect_class::at_least_once:
    break;
  }
  return "";
}

std::string asked_of(const step& s) {
  const auto* call = std::get_if<call_body>(&s.body);
  return call ? source_of(call->agent) + " · " + call->action : "";
}

void join(std::string& into, const std::string& part) {
  if (!part.empty())
    into += (into.empty() ? "" : ", ") + part;
}

/// "role sales-lead, not the starter, 2 of them"
std::string people(const approver_rule& by) {
  std::string who;
  if (!by.role.absent())
    join(who, source_of(by.role));
  if (!by.users.absent())
    join(who, source_of(by.users));
  if (!by.not_user.absent())
    join(who, "not " + source_of(by.not_user));
  if (!by.quorum.absent())
    join(who, source_of(by.quorum) + " of them");
  return who.empty() ? "anybody who may see it" : who;
}

std::vector<std::string> approval_lines(const approval_body& body) {
  std::vector<std::string> lines = {"by " + people(body.by)};
  if (body.escalate_after.count() > 0)
    lines.push_back("after " + config::format_duration(body.escalate_after) + " " + people(body.escalate_to));
  if (body.deadline.count() > 0) {
    constexpr std::array words = {"it fails", "approved", "rejected", "it fails"};
    lines.push_back("after " + config::format_duration(body.deadline) + " " +
                    words[static_cast<std::size_t>(body.when_late)]);
  }
  return lines;
}

std::vector<std::string> call_lines(const step& s) {
  std::vector<std::string> lines = {asked_of(s)};
  std::string rules(effect_word(s.effect));
  if (s.retry.attempts > 1)
    join(rules, std::to_string(s.retry.attempts) + " tries");
  if (s.timeout.count() > 0)
    join(rules, "within " + config::format_duration(s.timeout));
  if (!rules.empty())
    lines.push_back(rules);
  if (s.reconcile)
    lines.push_back("in doubt ask " + asked_of(*s.reconcile));
  return lines;
}

std::vector<std::string> wait_lines(const wait_body& body) {
  return {body.span.absent() ? "until " + source_of(body.until) : source_of(body.span)};
}

std::vector<std::string> receive_lines(const receive_body& body) {
  std::vector<std::string> lines = {"signal " + source_of(body.signal)};
  if (body.timeout.count() > 0)
    lines.push_back("after " + config::format_duration(body.timeout) + " " +
                    (body.otherwise.absent() ? std::string("it fails") : source_of(body.otherwise)));
  return lines;
}

std::vector<std::string> set_lines(const set_body& body) {
  std::vector<std::string> lines;
  for (const auto& [name, v] : body.values)
    lines.push_back(name + " = " + source_of(v));
  return lines;
}

} // namespace

std::string title_of(const step& of) {
  if (!of.name.empty())
    return of.name;
  if (!of.id.empty())
    return of.id;
  switch (of.what) {
  case verb::agent:
    return std::get<call_body>(of.body).action;
  case verb::tell:
    return "tell " + std::get<call_body>(of.body).action;
  case verb::workflow:
    return std::get<sub_workflow_body>(of.body).name;
  default:
    return std::string(to_string(of.what));
  }
}

std::vector<std::string> summary_of(const step& of) {
  std::vector<std::string> lines;
  if (of.what == verb::agent || of.what == verb::tell)
    lines = call_lines(of);
  else if (const auto* approval = std::get_if<approval_body>(&of.body))
    lines = approval_lines(*approval);
  else if (const auto* decide = std::get_if<decide_body>(&of.body))
    lines = {"asks " + source_of(decide->agents), source_of(decide->question)};
  else if (const auto* wait = std::get_if<wait_body>(&of.body))
    lines = wait_lines(*wait);
  else if (const auto* receive = std::get_if<receive_body>(&of.body))
    lines = receive_lines(*receive);
  else if (const auto* sub = std::get_if<sub_workflow_body>(&of.body))
    lines = {(of.id.empty() && of.name.empty() ? "workflow" : "workflow " + sub->name) +
             std::string(sub->detach ? ", not waited for" : "")};
  else if (const auto* emit = std::get_if<emit_body>(&of.body))
    lines = {"event " + source_of(emit->event)};
  else if (const auto* set = std::get_if<set_body>(&of.body))
    lines = set_lines(*set);
  else if (const auto* fails = std::get_if<fail_body>(&of.body))
    lines = {source_of(fails->kind), source_of(fails->message)};
  else if (const auto* undo = std::get_if<undo_body>(&of.body))
    lines = {"what " + undo->id + " did"};
  else if (const auto* gives = std::get_if<value_body>(&of.body); gives && !gives->value.absent())
    lines = {source_of(gives->value)};
  if (of.compensate)
    lines.push_back("can be undone");
  if (!of.phase.absent())
    lines.push_back("phase " + source_of(of.phase));
  return lines;
}

} // namespace troupe::workflow
