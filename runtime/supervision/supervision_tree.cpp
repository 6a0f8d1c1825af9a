#include "runtime/supervision/supervision_tree.hpp"

#include "runtime/supervision/limits.hpp"

#include <algorithm>

namespace troupe::supervision {

struct supervision_tree::node {
  supervisor self;
  node* above = nullptr;
  std::size_t depth = 0;
  bool declared = false;
  instant wake = never; // as it stands in the agenda

  child_id as_child() const { return child_id::nested(self.name()); }
};

namespace {

bool is_group_name(std::string_view name) {
  auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
  };
  return !name.empty() && name.size() <= limits::name_bytes_max &&
         std::all_of(name.begin(), name.end(), allowed);
}

} // namespace

supervision_tree::supervision_tree(const supervision_policy& usual, random_source& random)
    : usual_(usual)
    , random_(random) {}

supervision_tree::~supervision_tree() = default;

// Declarations.

result<void> supervision_tree::check(const group_spec& group) const {
  if (!is_group_name(group.name))
    return fail(fault::invalid, "\"" + group.name + "\" cannot name a supervisor",
                "use lower-case letters, digits, dots, dashes and underscores");
  if (nodes_.contains(group.name))
    return fail(fault::conflict, "the supervisor " + group.name + " is declared twice", "rename one of them");
  if (auto policy = validated(group.policy); !policy)
    return tl::unexpected(policy.error());
  if (group.children.size() > limits::children_max)
    return fail(fault::invalid, "the supervisor " + group.name + " has too many children",
                "use at most " + std::to_string(limits::children_max));
  std::set<std::string> seen;
  for (const child_spec& child : group.children) {
    const bool taken = child.id.is_agent()
                           ? of_agent_.contains(child.id.agent)
                           : above_.contains(child.id.supervisor) || nodes_.contains(child.id.supervisor);
    if (taken || child.id.text() == group.name || !seen.insert(child.id.text()).second)
      return fail(fault::conflict, child.id.text() + " cannot be a child of " + group.name + " too",
                  "name each child once, and declare supervisors before those below them");
  }
  return {};
}

result<void> supervision_tree::declare(const group_spec& group) {
  if (auto ok = check(group); !ok)
    return ok;
  const auto parent = above_.find(group.name);
  node* above = parent == above_.end() ? nullptr : parent->second;
  const std::size_t depth = above ? above->depth + 1 : 0;
  if (depth >= limits::depth_max)
    return fail(fault::invalid, "the supervisor " + group.name + " is nested too deeply",
                "use at most " + std::to_string(limits::depth_max) + " levels");
  const auto where = above ? supervisor::place::nested : supervisor::place::top;
  auto made = std::make_unique<node>(
      node{supervisor(group.name, group.policy, group.children, where, random_), above, depth, true, never});
  for (const child_spec& child : group.children) {
    if (child.id.is_agent())
      of_agent_.emplace(child.id.agent, made.get());
    else
      above_.emplace(child.id.supervisor, made.get());
  }
  declared_.push_back(made.get());
  nodes_.emplace(group.name, std::move(made));
  return {};
}

result<void> supervision_tree::complete() const {
  for (const auto& [name, above] : above_)
    if (!nodes_.contains(name))
      return fail(fault::not_found,
                  "the supervisor " + name + " is a child of " + above->self.name() + " but not declared",
                  "declare it after " + above->self.name());
  return {};
}

result<void> supervision_tree::set_kind_policy(const std::string& kind, const supervision_policy& policy) {
  if (auto ok = validated(policy); !ok)
    return tl::unexpected(ok.error());
  kinds_.insert_or_assign(kind, policy);
  return {};
}

const supervision_policy& supervision_tree::policy_for(const agent_id& agent) const {
  const auto own = kinds_.find(agent.kind());
  return own == kinds_.end() ? usual_ : own->second;
}

supervision_tree::node* supervision_tree::find(const agent_id& agent) const {
  if (const auto group = of_agent_.find(agent); group != of_agent_.end())
    return group->second;
  const auto solo = nodes_.find(agent.text());
  return solo == nodes_.end() ? nullptr : solo->second.get();
}

supervision_tree::node& supervision_tree::found_or_solo(const agent_id& agent) {
  if (node* known = find(agent))
    return *known;
  const std::string name = agent.text();
  supervisor alone(name, policy_for(agent), {{child_id::of(agent), {}}}, supervisor::place::top, random_);
  auto made = std::make_unique<node>(node{std::move(alone), nullptr, 0, false, never});
  made->self.started(child_id::of(agent));
  return *nodes_.emplace(name, std::move(made)).first->second;
}

// Inputs.

void supervision_tree::started(const agent_id& agent) {
  node* at = find(agent);
  if (!at)
    return;
  at->self.started(child_id::of(agent));
  for (; at->above; at = at->above)
    if (at->above->self.state_of(at->as_child()) == child_state::down)
      at->above->self.started(at->as_child());
}

decisions supervision_tree::withdrawn(const agent_id& agent, instant now) {
  node* at = find(agent);
  return at ? answer(*at, at->self.withdrawn(child_id::of(agent), now), now) : decisions{};
}

decisions supervision_tree::ended(const agent_id& agent, end_kind how, const std::string& why, instant now) {
  node& at = found_or_solo(agent);
  return answer(at, at.self.ended(child_id::of(agent), how, why, now), now);
}

void supervision_tree::poisoned(const agent_id& agent) {
  if (node* at = find(agent))
    at->self.poisoned(child_id::of(agent));
}

decisions supervision_tree::revive(const agent_id& agent, instant now) {
  node* at = find(agent);
  if (!at)
    return {{action::start, child_id::of(agent), {}, "restarted by an operator"}};
  node* failed_above = nullptr; // the topmost supervisor that has failed as a child
  for (node* up = at; up->above; up = up->above)
    if (up->above->self.state_of(up->as_child()) == child_state::failed)
      failed_above = up;
  decisions out;
  if (failed_above) {
    node& parent = *failed_above->above;
    carry_out(parent, parent.self.revive(failed_above->as_child(), now), now, out);
  }
  if (!failed_above || at->self.holds(child_id::of(agent)))
    carry_out(*at, at->self.revive(child_id::of(agent), now), now, out);
  return out;
}

decisions supervision_tree::boot(instant now) {
  decisions out;
  for (node* at : declared_)
    if (!at->above)
      carry_out(*at, at->self.boot(now), now, out);
  return out;
}

decisions supervision_tree::due(instant now) {
  decisions out;
  while (!agenda_.empty() && agenda_.begin()->first <= now) {
    node& at = *nodes_.find(agenda_.begin()->second)->second;
    agenda_.erase(agenda_.begin());
    at.wake = never;
    if (!at.declared && at.self.next_due() == never && at.self.settled() && at.self.quiet_at() <= now)
      nodes_.erase(at.self.name());
    else
      carry_out(at, at.self.due(now), now, out);
  }
  return out;
}

instant supervision_tree::next_due() const { return agenda_.empty() ? never : agenda_.begin()->first; }

// From a supervisor's decisions to the node's work.

decisions supervision_tree::answer(node& at, decisions made, instant now) {
  const bool failed = !at.declared && !made.empty() && made.back().what == action::fail;
  decisions out;
  carry_out(at, std::move(made), now, out);
  for (node* up = &at; up->above; up = up->above)
    report_settled(*up, now, out);
  if (failed)
    forget(at);
  return out;
}

void supervision_tree::carry_out(node& at, decisions made, instant now, decisions& out) {
  std::vector<node*> told_to_stop; // heard only once the whole list is out: their end may start siblings
  for (decision& d : made) {
    if (d.what == action::escalate) {
      out.push_back(d);
      node& above = *at.above;
      carry_out(above, above.self.ended(at.as_child(), end_kind::crashed, d.reason, now), now, out);
    } else if (d.child.is_agent()) {
      out.push_back(std::move(d));
    } else {
      node& below = nested(d.child);
      carry_to_nested(below, d, now, out);
      if (d.what == action::stop)
        told_to_stop.push_back(&below);
    }
  }
  plan_wake(at);
  for (node* below : told_to_stop)
    report_settled(*below, now, out);
}

supervision_tree::node& supervision_tree::nested(const child_id& child) const {
  const auto found = nodes_.find(child.supervisor);
  ensure(found != nodes_.end(), "a supervisor named as a child has been declared");
  return *found->second;
}

void supervision_tree::carry_to_nested(node& below, const decision& d, instant now, decisions& out) {
  if (d.what == action::stop)
    carry_out(below, below.self.stop_all(), now, out);
  if (d.what == action::start)
    carry_out(below, below.self.resume(now), now, out);
  if (d.what == action::fail)
    carry_out(below, below.self.fail_all(d.reason), now, out);
}

void supervision_tree::report_settled(node& at, instant now, decisions& out) {
  const bool awaited = at.above->self.state_of(at.as_child()) == child_state::stopping;
  if (awaited && at.self.settled())
    carry_out(*at.above, at.above->self.withdrawn(at.as_child(), now), now, out);
}

void supervision_tree::plan_wake(node& at) {
  instant wake = at.self.next_due();
  if (wake == never && !at.declared && at.self.settled())
    wake = at.self.quiet_at();
  if (wake == at.wake)
    return;
  agenda_.erase({at.wake, at.self.name()});
  at.wake = wake;
  if (wake != never)
    agenda_.emplace(wake, at.self.name());
}

void supervision_tree::forget(node& at) {
  agenda_.erase({at.wake, at.self.name()});
  nodes_.erase(at.self.name());
}

// Looking.

bool supervision_tree::holds(const agent_id& agent) const {
  const node* at = find(agent);
  return at && at->self.holds(child_id::of(agent));
}

std::vector<child_view> supervision_tree::view(std::string_view supervisor) const {
  const auto found = nodes_.find(supervisor);
  return found == nodes_.end() ? std::vector<child_view>{} : found->second->self.view();
}

std::string supervision_tree::supervisor_of(const agent_id& agent) const {
  const node* at = find(agent);
  return at ? at->self.name() : std::string();
}

} // namespace troupe::supervision
