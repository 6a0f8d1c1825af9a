#include "workflows/language/check/flow_check.hpp"
#include "workflows/language/check/hints.hpp"
#include "workflows/language/codes/codes.hpp"

namespace troupe::workflow {
namespace {

using expression::type;
using expression::type_kind;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

std::optional<config::node> value_at(const config::node& map, std::string_view key) { return map.find(key); }

} // namespace

known_result flow_check::call_result(const step& s, const call_body& call, const scene& now) {
  const auto* kind = call.agent.constant();
  if (kind == nullptr || !kind->is(expression::value_kind::text) || kind->as_text().empty())
    return {};
  const config::node& at = draft_.sources.at(&s).at;
  const agent_signature* agent = known_.agent(kind->as_text());
  if (agent == nullptr) {
    if (known_.agents_complete)
      to_.error(*value_at(at, "agent"), codes::unknown_agent, "there is no agent " + quoted(kind->as_text()),
                hint_among(kind->as_text(), keys_of(known_.agents)));
    return {};
  }
  if (call.version && agent->version && *agent->version != *call.version)
    to_.error(*value_at(at, "version"), codes::wrong_version,
              quoted(kind->as_text()) + " is at version " + std::to_string(*agent->version));
  const auto found = agent->actions.find(call.action);
  if (found == agent->actions.end()) {
    const auto named = value_at(at, s.what == verb::tell ? "tell" : "action");
    if (!agent->open && !call.action.empty() && named)
      to_.error(*named, codes::unknown_action,
                quoted(kind->as_text()) + " has no action " + quoted(call.action),
                hint_among(call.action, keys_of(agent->actions)));
    return {};
  }
  const action_signature& action = found->second;
  if (action.requires_approval && !now.approved)
    to_.error(*value_at(at, "action"), codes::approval_required,
              quoted(call.action) + " needs a person's approval, and none is certain to come before it",
              "put an \"approval\" step before it");
  check_arguments(s, action.input, quoted(kind->as_text() + "." + call.action), now);
  if (s.what == verb::tell)
    return {type_kind::null, nullptr};
  return action.output ? known_result{action.output->type(), action.output} : known_result{};
}

void flow_check::check_arguments(const step& s, const std::shared_ptr<const schema>& wanted,
                                 const std::string& callee, const scene& now) {
  if (!wanted)
    return;
  if (const use* with = find_use(s, "with"))
    return check_argument(with->value, *wanted, {}, wanted->type(), callee, now);
  for (const expression::field& f : wanted->type().fields())
    if (f.required) {
      const config::node& at = draft_.sources.at(&s).at;
      return to_.error(at.entry_at(0).key, codes::argument_missing,
                       callee + " needs " + quoted(f.name) + ", but the step has no \"with\"");
    }
}

void flow_check::check_argument(const written& given, const schema& wanted,
                                const std::vector<std::string>& path, const type& as,
                                const std::string& callee, const scene& now) {
  if (given.broken || as.is_dyn())
    return;
  if (!as.is(type_kind::object) || !given.at.is(config::node_kind::map)) {
    const type found = type_of(given, now);
    if (!found.is_dyn() && !expression::fits(found, as) && !to_.mentioned(given.at.where()))
      to_.error(given.at, codes::argument_type,
                callee + " takes " + as.name() + (path.empty() ? "" : " as " + quoted(path.back())) +
                    ", but this is of type " + found.name());
    return;
  }
  const auto names = wanted.fields(path);
  for (const expression::field& f : as.fields()) {
    const bool there = given.at.find(f.name).has_value();
    if (!there && f.required)
      to_.error(given.at, codes::argument_missing, callee + " needs " + quoted(f.name));
  }
  for (const auto& [name, item] : given.entries) {
    const expression::field* f = as.find(name);
    auto below = path;
    below.push_back(name);
    if (f != nullptr)
      check_argument(item, wanted, below, f->holds, callee, now);
    else if (wanted.is_closed(path))
      to_.error(given.at.find_entry(name)->key, codes::argument_unknown, callee + " takes no " + quoted(name),
                hint_among(name, {names.begin(), names.end()}));
  }
}

void flow_check::report_hidden_step(const written& w, const expression::reference& r, const step& target,
                                    const scene& now) {
  const config::range where = place_of(w.at, {r.parts.front().begin, r.parts.at(1).end});
  const std::string name = "step " + quoted(r.path.front());
  for (const step* at = now.at; at != nullptr; at = at->parent)
    if (at == &target) {
      to_.error(w.at.in(), where, codes::step_later, name + " reads its own result",
                "it is there once the step is done");
      return;
    }
  for (const step* holder = target.parent; holder != nullptr; holder = holder->parent) {
    bool shared = false; // the place itself lies in the same part of it
    for (const step* at = now.at; at != nullptr; at = at->parent)
      shared = shared || at == holder;
    if (shared && holder->what == verb::sequence)
      break;
    const std::string id = holder->id.empty() ? "" : " (steps." + holder->id + ")";
    if (holder->what == verb::map || holder->what == verb::loop) {
      to_.error(w.at.in(), where, codes::step_hidden,
                name + " lies inside a " + std::string(to_string(holder->what)) +
                    " and is not seen outside of it",
                "read the " + std::string(to_string(holder->what)) + "'s own result" + id);
      return;
    }
    if (shared && (holder->what == verb::parallel || holder->what == verb::race)) {
      to_.error(w.at.in(), where, codes::step_hidden, name + " runs at the same time, in another branch",
                "read it after the branches have joined");
      return;
    }
    if (shared && holder->what == verb::choice) {
      to_.error(w.at.in(), where, codes::step_hidden,
                name + " never runs when this does: it is in another arm of the choice");
      return;
    }
    if (shared)
      break;
  }
  to_.error(w.at.in(), where, codes::step_later, name + " has not run yet here", "move it before this one");
}

} // namespace troupe::workflow
