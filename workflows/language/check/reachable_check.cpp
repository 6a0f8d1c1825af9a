#include "workflows/language/check/endings.hpp"
#include "workflows/language/check/meaning_check.hpp"
#include "workflows/language/codes/codes.hpp"

#include <optional>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

std::optional<bool> constant_bool(const formula& f) {
  const auto* v = f.constant();
  return v != nullptr && v->is(expression::value_kind::boolean) ? std::optional(v->as_bool()) : std::nullopt;
}

void check_members(const draft& of, const sequence_body& body, reporter& to) {
  for (std::size_t i = 0; i + 1 < body.children.size(); ++i) {
    const step& ends = *body.children[i];
    const auto condition = constant_bool(ends.condition);
    if (!never_goes_on(ends) || (!ends.condition.absent() && condition != true))
      continue;
    const node& next = of.sources.at(body.children[i + 1]).at;
    const node& last = of.sources.at(&ends).at;
    if (next.size() > 0 && last.size() > 0)
      to.error(next.entry_at(0).key, codes::unreachable_step, "this step is never reached", "",
               last.entry_at(0).key, "here it always ends");
    return;
  }
}

void check_arms(const draft& of, const step& s, const choice_body& body, reporter& to) {
  const auto arms = of.sources.at(&s).at.find("choice");
  if (!arms || !arms->is(node_kind::list) || arms->size() != body.arms.size())
    return;
  std::optional<node> always;
  for (std::size_t i = 0; i < body.arms.size(); ++i) {
    const auto first = arms->item(i).entry_at(0).key;
    const auto when = arms->item(i).find("when");
    const auto holds = constant_bool(body.arms[i].when);
    if (always)
      to.error(first, codes::unreachable_arm, "this arm is never taken", "", *always, "this one always is");
    else if (holds == false && when)
      to.warning(when->in(), when->where(), codes::unreachable_arm,
                 "this arm is never taken: its condition is false");
    if (!always && holds == true && when)
      always = *when;
  }
}

void check_loop(const draft& of, const step& s, const loop_body& body, reporter& to) {
  const auto holds = constant_bool(body.condition);
  if (!holds || *holds != body.until)
    return;
  const auto loop = of.sources.at(&s).at.find("loop");
  const auto condition = loop->find(body.until ? "until" : "while");
  to.warning(condition->in(), condition->where(), codes::idle_loop,
             body.until ? "this loop ends after its first round" : "this loop never begins");
}

void check_handlers(const draft& of, const step& s, const attempt_body& body, reporter& to) {
  const auto handlers = of.sources.at(&s).at.find("catch");
  if (!handlers || !handlers->is(node_kind::list) || handlers->size() != body.handlers.size())
    return;
  for (std::size_t i = 0; i + 1 < body.handlers.size(); ++i)
    if (body.handlers[i].on.empty())
      return to.error(handlers->item(i + 1).entry_at(0).key, codes::unreachable_catch, "no error gets here",
                      "move the clause without \"on\" to the end", handlers->item(i).entry_at(0).key,
                      "this clause takes them all");
}

} // namespace

void check_reachable(const draft& of, const step& s, reporter& to) {
  if (const auto* members = std::get_if<sequence_body>(&s.body))
    check_members(of, *members, to);
  else if (const auto* choice = std::get_if<choice_body>(&s.body))
    check_arms(of, s, *choice, to);
  else if (const auto* loop = std::get_if<loop_body>(&s.body))
    check_loop(of, s, *loop, to);
  else if (const auto* attempt = std::get_if<attempt_body>(&s.body))
    check_handlers(of, s, *attempt, to);
}

} // namespace troupe::workflow
