#include "runtime/supervision/supervisor.hpp"

#include "config/result.hpp"
#include "runtime/supervision/limits.hpp"

#include <algorithm>
#include <utility>

namespace troupe::supervision {

namespace {

bool comes_back(restart_type type, end_kind how) {
  if (type == restart_type::temporary)
    return false;
  return type == restart_type::permanent || how == end_kind::crashed;
}

backoff pace_for(const supervision_policy& policy) {
  return {policy.backoff_initial, policy.longest_wait(), policy.within};
}

} // namespace

supervisor::supervisor(std::string name, const supervision_policy& policy,
                       const std::vector<child_spec>& children, place where, random_source& random)
    : name_(std::move(name))
    , policy_(policy)
    , where_(where)
    , random_(random)
    , window_(policy.max_restarts, policy.within)
    , pace_(pace_for(policy)) {
  ensure(validated(policy).has_value(), "a supervisor's policy has been validated");
  ensure(children.size() <= limits::children_max, "a supervisor has a limited number of children");
  children_.reserve(children.size());
  for (const child_spec& child : children) {
    ensure(!knows(child.id), "a supervisor has a child only once");
    children_.push_back({child.id, child.restart.value_or(policy.restart), pace_for(policy)});
  }
}

// Who is who.

std::size_t supervisor::find(const child_id& child) const {
  auto same = [&](const entry& e) { return e.id == child; };
  const auto found = std::find_if(children_.begin(), children_.end(), same);
  ensure(found != children_.end(), "a supervisor is told of its own children only");
  return static_cast<std::size_t>(found - children_.begin());
}

bool supervisor::knows(const child_id& child) const {
  return std::any_of(children_.begin(), children_.end(), [&](const entry& e) { return e.id == child; });
}

supervisor::range supervisor::radius(std::size_t child) const {
  switch (policy_.how) {
  case strategy::one_for_one:
    return {child, child + 1};
  case strategy::one_for_all:
    return {0, children_.size()};
  case strategy::rest_for_one:
    return {child, children_.size()};
  }
  return {child, child + 1};
}

backoff& supervisor::pace_of(std::size_t child) {
  return policy_.how == strategy::one_for_one ? children_[child].pace : pace_;
}

void supervisor::forget_crashes() {
  window_.clear();
  pace_.reset();
  for (entry& e : children_)
    e.pace.reset();
}

// What happens to children.

void supervisor::started(const child_id& child) {
  entry& e = children_[find(child)];
  begun_ = true;
  if (e.state == child_state::down || e.state == child_state::waiting)
    e.state = child_state::running;
}

decisions supervisor::withdrawn(const child_id& child, instant now) {
  entry& e = children_[find(child)];
  if (e.state == child_state::stopping)
    return stopped(e, now);
  if (e.state == child_state::running)
    e.state = child_state::down;
  return {};
}

decisions supervisor::ended(const child_id& child, end_kind how, const std::string& why, instant now) {
  const std::size_t at = find(child);
  entry& e = children_[at];
  last_news_ = std::max(last_news_, now);
  begun_ = true;
  if (e.state == child_state::stopping)
    return stopped(e, now);
  const bool old_news = e.state == child_state::waiting || e.state == child_state::failed;
  if (old_news || (e.state == child_state::down && how == end_kind::normal))
    return {};
  if (how == end_kind::failed)
    return fail_radius(at, why);
  if (!comes_back(e.restart, how))
    return not_restarted(at, how, why);
  if (!window_.admit(now))
    return give_up(at, why, now);
  return restart(at, why, now);
}

void supervisor::poisoned(const child_id& child) {
  pace_of(find(child)).reset();
  window_.clear();
}

decisions supervisor::stopped(entry& child, instant now) {
  child.state = child.again ? child_state::waiting : child_state::down;
  return due(now);
}

decisions supervisor::not_restarted(std::size_t child, end_kind how, const std::string& why) {
  entry& e = children_[child];
  if (how == end_kind::normal) {
    e.state = child_state::down;
    return {};
  }
  e.state = child_state::failed;
  e.cause = child;
  e.reason = "temporary, so not restarted after: " + why;
  return {{action::fail, e.id, {}, e.reason}};
}

// Restarts.

void supervisor::plan(entry& child, instant due) {
  child.due = due;
  child.again = true;
}

void supervisor::stop_for_restart(range which, std::size_t but, instant due, decisions& into) {
  for (std::size_t i = which.last; i-- > which.first;) {
    entry& e = children_[i];
    if (i == but || e.state == child_state::down || e.state == child_state::failed)
      continue;
    plan(e, due);
    e.again = e.restart != restart_type::temporary;
    if (e.state != child_state::running)
      continue;
    e.state = child_state::stopping;
    into.push_back({action::stop, e.id, {}, "restarts with " + children_[but].id.text()});
  }
}

decisions supervisor::restart(std::size_t child, const std::string& why, instant now) {
  const instant due_at = now + pace_of(child).next(now, random_);
  last_news_ = std::max(last_news_, due_at);
  const range which = radius(child);
  decisions made;
  stop_for_restart(which, child, due_at, made);
  entry& fallen = children_[child];
  plan(fallen, due_at);
  fallen.state = child_state::waiting;
  fallen.reason = why;
  for (std::size_t i = which.first; i < which.last; ++i) {
    const entry& e = children_[i];
    const bool comes = e.state == child_state::waiting || (e.state == child_state::stopping && e.again);
    if (comes)
      made.push_back({action::plan, e.id, due_at, why});
  }
  for (decision& d : due(now))
    made.push_back(std::move(d));
  return made;
}

decisions supervisor::due(instant now) {
  decisions made;
  if (blocked())
    return made;
  for (entry& e : children_) {
    if (e.state != child_state::waiting || e.due > now)
      continue;
    e.state = child_state::running;
    e.due = never;
    made.push_back({action::start, e.id, {}, e.reason});
  }
  return made;
}

instant supervisor::next_due() const {
  instant soonest = never;
  if (blocked())
    return soonest;
  for (const entry& e : children_)
    if (e.state == child_state::waiting)
      soonest = std::min(soonest, e.due);
  return soonest;
}

// Giving up.

decisions supervisor::give_up(std::size_t child, const std::string& why, instant now) {
  const std::string reason = "restarted " + std::to_string(window_.count(now)) + " times within " +
                             std::to_string(policy_.within.count()) + " ms, then: " + why;
  forget_crashes();
  if (where_ == place::top)
    return fail_radius(child, reason);
  entry& fallen = children_[child];
  plan(fallen, never);
  fallen.state = child_state::waiting;
  fallen.reason = why;
  decisions made = stop_all();
  made.push_back({action::escalate, child_id::nested(name_), {}, fallen.id.text() + " " + reason});
  return made;
}

decisions supervisor::fail_radius(std::size_t child, const std::string& reason) {
  const range which = radius(child);
  decisions made;
  for (std::size_t i = which.last; i-- > which.first;) {
    entry& e = children_[i];
    if (e.state == child_state::failed)
      continue;
    e.state = child_state::failed;
    e.cause = child;
    e.reason = i == child ? reason
                          : "cannot run without " + children_[child].id.text() + ", which failed: " + reason;
    made.push_back({action::fail, e.id, {}, e.reason});
  }
  return made;
}

// The supervisor above, and the operator.

decisions supervisor::boot(instant now) {
  begun_ = true;
  for (entry& e : children_) {
    if (e.state != child_state::down || e.restart == restart_type::temporary)
      continue;
    plan(e, now);
    e.state = child_state::waiting;
  }
  return due(now);
}

decisions supervisor::stop_all() {
  decisions made;
  for (std::size_t i = children_.size(); i-- > 0;) {
    entry& e = children_[i];
    if (e.state == child_state::down || e.state == child_state::failed)
      continue;
    plan(e, never);
    e.again = e.restart != restart_type::temporary;
    if (e.state != child_state::running)
      continue;
    e.state = child_state::stopping;
    made.push_back({action::stop, e.id, {}, "its supervisor " + name_ + " stops"});
  }
  return made;
}

decisions supervisor::resume(instant now) {
  if (!begun_)
    return boot(now);
  forget_crashes();
  for (entry& e : children_)
    if (e.again && e.due == never && (e.state == child_state::waiting || e.state == child_state::stopping))
      e.due = now;
  return due(now);
}

decisions supervisor::fail_all(const std::string& reason) {
  decisions made;
  for (std::size_t i = children_.size(); i-- > 0;) {
    entry& e = children_[i];
    if (e.state == child_state::failed)
      continue;
    plan(e, never);
    e.state = child_state::waiting;
    e.reason = reason;
    made.push_back({action::fail, e.id, {}, reason});
  }
  return made;
}

decisions supervisor::revive(const child_id& child, instant now) {
  const std::size_t at = find(child);
  forget_crashes();
  decisions made;
  for (std::size_t i = children_.size(); i-- > 0;) {
    entry& e = children_[i];
    const bool fell_with_it = e.state == child_state::failed && e.cause == at;
    if (i != at && !fell_with_it)
      continue;
    plan(e, now);
    const bool runs = e.state == child_state::running || e.state == child_state::stopping;
    if (e.state == child_state::running)
      made.push_back({action::stop, e.id, {}, "restarted by an operator"});
    e.state = runs ? child_state::stopping : child_state::waiting;
  }
  for (decision& d : due(now))
    made.push_back(std::move(d));
  return made;
}

bool supervisor::blocked() const noexcept { return policy_.how != strategy::one_for_one && !settled(); }

bool supervisor::settled() const noexcept {
  return std::none_of(children_.begin(), children_.end(),
                      [](const entry& e) { return e.state == child_state::stopping; });
}

// Looking.

bool supervisor::holds(const child_id& child) const {
  const child_state state = state_of(child);
  return state != child_state::down && state != child_state::running;
}

child_state supervisor::state_of(const child_id& child) const { return children_[find(child)].state; }

std::vector<child_view> supervisor::view() const {
  std::vector<child_view> seen;
  for (const entry& e : children_)
    seen.push_back({e.id, e.state, e.restart, e.state == child_state::waiting ? e.due : never, e.reason});
  return seen;
}

} // namespace troupe::supervision
