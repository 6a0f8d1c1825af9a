#include "workflows/run/engine.hpp"

#include "config/limits.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"

#include <stdexcept>

namespace troupe::workflow {

instance& engine::begin(instance& parent, const step& what, std::string_view segment) {
  auto child = std::make_unique<instance>();
  child->what = &what;
  child->parent = &parent;
  child->path = child_path(parent, segment);
  child->state = run_state::submitted;
  parent.children.push_back(std::move(child));
  queue_.push_back({event::kind::start, parent.children.back().get()});
  return *parent.children.back();
}

/// Loops end by their own `max`; this ends those inside each other before they hold the node up.
void engine::work() {
  for (std::size_t steps = 0; !queue_.empty(); ++steps) {
    if (steps == limits::steps_per_record_max)
      throw std::runtime_error("more than " + std::to_string(steps) + " steps follow from one record");
    const auto next = queue_.front();
    queue_.pop_front();
    if (next.what == event::kind::start)
      do_start(*next.about);
    else
      do_ended(*next.about);
  }
}

void engine::do_start(instance& self) {
  if (is_over(self.state))
    return; // stopped before its turn came
  if (run_.paused) {
    self.held = true;
    return;
  }
  self.held = false;
  if (self.attempt == 0)
    self.started = now();
  self.state = run_state::working;
  const auto& step = *self.what;
  if (!step.condition.absent()) {
    const auto holds = demand(step.condition, self);
    if (!holds)
      return;
    if (!holds->is(expression::value_kind::boolean))
      return give_up(self, {"invalid", "`if` is neither true nor false", {}});
    if (!holds->as_bool())
      return end(self, {run_state::skipped, {}, {}});
  }
  if (!step.phase.absent())
    if (auto phase = demand_text(step.phase, self))
      run_.phase = *phase;
  if (is_over(self.state) || self.parked)
    return;
  if (step.deadline.count() > 0)
    timer(self, "deadline", now() + step.deadline);
  ++self.attempt;
  supervisor_of(self).start(self, *this);
}

void engine::end(instance& self, ending how) {
  if (is_over(self.state))
    return;
  clear_all(self);
  self.state = how.state;
  self.result = plain(std::move(how.result));
  self.error = std::move(how.error);
  self.ended = now();
  self.ended_number = ++run_.endings;
  self.planned = {};
  self.stopping = false;
  self.parked = false;
  self.held = false;
  self.arguments = {};
  note("step_" + std::string(to_string(self.state)), self);
  queue_.push_back({event::kind::ended, &self});
}

void engine::do_ended(instance& self) {
  auto* parent = self.parent;
  if (!parent)
    return root_ended();
  if (self.what == parent->what->compensate)
    return undo_ended(self);
  if (is_over(parent->state))
    return;
  if (parent->stopping)
    return end_if_stopped(*parent);
  if (self.state == run_state::failed)
    supervisor_of(*parent).child_failed(*parent, self, *this);
  else
    supervisor_of(*parent).child_finished(*parent, self, *this);
}

void engine::stop(instance& self, ending then) {
  if (is_over(self.state) || self.stopping)
    return;
  self.stopping = true;
  self.planned = std::move(then);
  self.parked = false;
  clear_all(self);
  // A child that ends here is only queued: the list does not change under the loop.
  for (std::size_t i = 0; i < self.children.size(); ++i)
    if (auto& child = *self.children[i]; !is_over(child.state))
      stop(child, child.leaving ? ending::completed() : ending::canceled());
  end_if_stopped(self);
}

void engine::end_if_stopped(instance& self) {
  if (self.running() > 0 || !supervisor_of(self).may_end(self, *this))
    return;
  end(self, std::move(self.planned));
}

void engine::leave(instance& from, instance& to, value result) {
  for (auto* at = &from; at != &to; at = at->parent)
    at->leaving = true;
  stop(to, ending::completed(std::move(result)));
}

bool engine::handled_above(const instance& self, const failure& why) const {
  for (const auto* at = &self; at->parent; at = at->parent) {
    if (at->what == at->parent->what->compensate)
      return false;
    if (at->parent->stopping || supervisor_of(*at->parent).handles(*at->parent, *at, why))
      return true;
  }
  return false;
}

void engine::give_up(instance& self, failure why) {
  const auto then = self.what->retry.then;
  if (run_.never_parks || then == after_retries::fail ||
      (then == after_retries::unset && handled_above(self, why)))
    return fail(self, std::move(why));
  clear_all(self);
  self.error = std::move(why);
  self.parked = true;
  self.state = run_state::working;
  note("step_parked", self);
}

void engine::ask(const std::string& id, const agent_id& to, const std::string& type, const value& body) {
  fold_command c;
  c.what = fold_command::kind::call;
  c.id = id;
  c.to = to;
  c.type = type;
  c.body = to_text(body);
  c.call_key = run_.id + id;
  c.chain = run_.chain;
  commands_.push_back(std::move(c));
  run_.waits.push_back(id);
}

void engine::end_without_body(ending how) {
  run_.planned = std::move(how);
  finish_run();
}

void engine::start_run() {
  run_.root = std::make_unique<instance>();
  run_.root->what = run_.definition->body;
  run_.root->state = run_state::submitted;
  run_.state = run_state::working;
  queue_.push_back({event::kind::start, run_.root.get()});
}

void engine::arm_deadline() {
  const auto own = run_.definition->deadline.count() > 0 ? now() + run_.definition->deadline : never;
  const auto due = std::min(own, run_.until);
  if (due != never) {
    fold_command c;
    c.what = fold_command::kind::timer;
    c.id = "#deadline";
    c.due = due;
    commands_.push_back(std::move(c));
    run_.waits.push_back("#deadline");
  }
}

} // namespace troupe::workflow
