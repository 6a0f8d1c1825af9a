#include "config/diagnostic/suggestion.hpp"
#include "workflows/language/check/endings.hpp"
#include "workflows/language/check/hints.hpp"
#include "workflows/language/check/meaning_check.hpp"
#include "workflows/language/codes/codes.hpp"

#include <algorithm>
#include <array>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

constexpr std::array<std::string_view, 8> reserved{"input", "steps", "vars", "run",
                                                   "step",  "event", "env",  "secrets"};

constexpr std::array<std::string_view, 10> known_kinds{
    "timeout",  "unavailable",     "rate_limited",    "invalid",  "rejected",
    "canceled", "budget_exceeded", "unknown_outcome", "no_match", "agent.crashed"};

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

void check_as(const node& map, reporter& to) {
  if (!map.is(node_kind::map))
    return;
  const auto as = map.find("as");
  if (as && as->is(node_kind::text) &&
      std::find(reserved.begin(), reserved.end(), as->text()) != reserved.end())
    to.error(*as, codes::reserved_name, quoted(as->text()) + " is a variable of every expression",
             "choose another name");
}

// An agent may raise any kind; one that looks like a known one is a slip.
void check_kinds(const node& map, reporter& to) {
  const auto kinds = map.is(node_kind::map) ? map.find("on") : std::nullopt;
  if (!kinds || !kinds->is(node_kind::list))
    return;
  for (const node& kind : kinds->items()) {
    if (!kind.is(node_kind::text))
      continue;
    const auto near = config::nearest(kind.text(), {known_kinds.begin(), known_kinds.end()});
    if (near && *near != kind.text())
      to.warning(kind.in(), kind.where(), codes::unlikely_kind,
                 quoted(kind.text()) + " is no error kind of ours",
                 "did you mean " + std::string(*near) + "?");
  }
}

bool inside_loop(const step& s) {
  for (const step* at = s.parent; at != nullptr; at = at->parent) {
    if (at->what == verb::loop)
      return true;
    if (at->what == verb::map || at->what == verb::parallel || at->what == verb::race)
      return false;
  }
  return false;
}

bool can_be_undone(const step& s) {
  const steps parts = parts_of(s);
  return s.compensate != nullptr || s.what == verb::workflow ||
         std::any_of(parts.begin(), parts.end(), [](const step* part) { return can_be_undone(*part); });
}

void check_undo(const draft& of, const step& s, const std::string& id, reporter& to) {
  const auto at = of.sources.at(&s).at.find("undo");
  if (id.empty() || !at)
    return;
  const step* target = of.made->find(id);
  if (target == nullptr)
    to.error(*at, codes::bad_undo, "there is no step " + quoted(id),
             to.full() ? "" : hint_among(id, keys_of(of.made->by_id)));
  else if (lies_within(s, *target))
    to.error(*at, codes::bad_undo, "a step cannot undo what it is a part of");
  else if (!can_be_undone(*target))
    to.error(*at, codes::bad_undo, "nothing inside " + quoted(id) + " says how it is undone",
             "give its steps \"compensate\"");
}

} // namespace

void check_names(const draft& of, const step& s, reporter& to) {
  const node& at = of.sources.at(&s).at;
  if (!at.is(node_kind::map))
    return;
  if (const auto retry = at.find("retry"))
    check_kinds(*retry, to);
  if (const auto map = at.find("map"); map && s.what == verb::map)
    check_as(*map, to);
  if (const auto handlers = at.find("catch"); handlers && handlers->is(node_kind::list))
    for (const node& handler : handlers->items()) {
      check_as(handler, to);
      check_kinds(handler, to);
    }
  if (s.what == verb::stop && !inside_loop(s))
    to.error(at.find_entry("break")->key, codes::break_outside_loop, "there is no loop to leave here",
             "\"return\" ends the workflow, branch or map item");
  if (const auto* undo = std::get_if<undo_body>(&s.body))
    check_undo(of, s, undo->id, to);
}

} // namespace troupe::workflow
