#include "workflows/language/check/meaning_check.hpp"

#include "workflows/language/codes/codes.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

std::optional<node> key_at(const node& map, std::string_view key) {
  const auto found = map.is(node_kind::map) ? map.find_entry(key) : std::nullopt;
  return found ? std::optional(found->key) : std::nullopt;
}

void check_effect(const draft& of, const step& s, reporter& to) {
  const node& at = of.sources.at(&s).at;
  const auto effect = key_at(at, "effect");
  const auto reconcile = key_at(at, "reconcile");
  if (s.effect == effect_class::once && effect && !reconcile)
    to.error(*at.find("effect"), codes::once_without_reconcile,
             "after a crash nobody can say whether this happened: \"once\" needs \"reconcile\"",
             "an action that answers {found, result?} for step.idempotency_key");
  if (reconcile && s.effect != effect_class::once)
    to.error(*reconcile, codes::reconcile_without_once, "only a step with \"effect: once\" is reconciled",
             "add effect: once, or remove \"reconcile\"");
}

void check_times(const draft& of, const step& s, reporter& to) {
  const node& at = of.sources.at(&s).at;
  if (s.deadline.count() > 0 && s.timeout > s.deadline && at.find("timeout"))
    to.error(*at.find("timeout"), codes::too_late, "one try may take longer than all tries together",
             "\"timeout\" is per try, \"deadline\" is in all");
}

void check_joins(const draft& of, const step& s, reporter& to) {
  const auto* body = std::get_if<parallel_body>(&s.body);
  if (body == nullptr || body->join != join_rule::at_least || body->at_least <= body->branches.size())
    return;
  const auto parallel = of.sources.at(&s).at.find("parallel");
  to.error(*parallel->find("join")->find("at_least"), codes::too_few,
           "there are only " + std::to_string(body->branches.size()) + " branches");
}

} // namespace

void check_meaning(const draft& of, reporter& to) {
  for (const auto& s : of.made->arena) {
    check_effect(of, *s, to);
    check_times(of, *s, to);
    check_joins(of, *s, to);
    check_reachable(of, *s, to);
    check_people(of, *s, to);
    check_names(of, *s, to);
  }
}

void check_variables(const draft& of, const std::set<std::string, std::less<>>& read, reporter& to) {
  const auto declared = of.at.find("vars");
  if (!declared || !declared->is(node_kind::map))
    return;
  for (const config::entry& e : declared->entries())
    if (!read.contains(e.key.text()))
      to.warning(e.key.in(), e.key.where(), codes::unused_variable,
                 "nothing reads the variable \"" + std::string(e.key.text()) + "\"",
                 "remove it, or read it as vars." + std::string(e.key.text()));
}

} // namespace troupe::workflow
