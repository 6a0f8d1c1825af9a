// What a run asks of the world, and how the answers find the step that asked.
#include "workflows/run/engine.hpp"
#include "workflows/run/spending.hpp"
#include "workflows/run/supervisor.hpp"
#include "workflows/run/wire.hpp"

#include <algorithm>

namespace troupe::workflow {
void engine::push(fold_command c, instance& self, std::string_view name) {
  c.id = self.path + '#';
  c.id += name;
  if (!self.waits_for(name))
    self.waits.emplace_back(name);
  commands_.push_back(std::move(c));
}

std::string engine::idempotency_key(const instance& self) const {
  if (!self.what->idempotency_key.absent())
    if (auto given = evaluate(self.what->idempotency_key, self);
        given && given->is(expression::value_kind::text))
      return given->as_text();
  return stable_key(run_, self);
}

std::string engine::attempt_name(const instance& self) const {
  return "call" + std::to_string(self.attempt) + (run_.epoch == 0 ? "" : "." + std::to_string(run_.epoch));
}

std::optional<agent_id> engine::demand_agent(const std::string& kind, const std::string& key,
                                             instance& self) {
  auto id = agent_id::make(run_.tenant, kind, key);
  if (id)
    return std::move(*id);
  give_up(self, {"invalid", id.error().message, {}});
  return std::nullopt;
}

void engine::call(instance& self, std::string_view name, const agent_id& to, const std::string& type,
                  const value& body, instant due) {
  fold_command c;
  c.what = fold_command::kind::call;
  c.to = to;
  c.type = type;
  c.body = to_text(body);
  c.call_key = idempotency_key(self);
  if (name.find(':') != name.npos) // several calls of one step
    c.call_key += '/' + std::string(name);
  c.attempt = self.attempt;
  c.due = due;
  c.once = self.what->effect == effect_class::once;
  c.chain = run_.chain;
  push(std::move(c), self, name);
}

void engine::send(const agent_id& to, const std::string& type, const value& body) {
  fold_command c;
  c.what = fold_command::kind::send;
  c.to = to;
  c.type = type;
  c.body = to_text(body);
  commands_.push_back(std::move(c));
}

void engine::outside(instance& self, std::string_view name, const std::string& verb,
                     const std::string& target, const value& body, instant due) {
  fold_command c;
  c.what = fold_command::kind::outside;
  c.type = verb;
  c.target = target;
  c.body = to_text(body);
  c.call_key = idempotency_key(self);
  c.due = due;
  c.once = self.what->effect == effect_class::once;
  push(std::move(c), self, name);
}

void engine::compute(instance& self, std::string_view name) {
  fold_command c;
  c.what = fold_command::kind::compute;
  push(std::move(c), self, name);
}

void engine::timer(instance& self, std::string_view name, instant due) {
  fold_command c;
  c.what = fold_command::kind::timer;
  c.due = due;
  push(std::move(c), self, name);
}

void engine::clear(instance& self, std::string_view name) {
  const auto found = std::find(self.waits.begin(), self.waits.end(), name);
  if (found == self.waits.end())
    return;
  fold_command c;
  c.what = fold_command::kind::clear;
  c.id = self.path + '#' + *found;
  self.waits.erase(found);
  commands_.push_back(std::move(c));
}

void engine::clear_all(instance& self) {
  while (!self.waits.empty())
    clear(self, std::string(self.waits.back()));
}

void engine::emit(const std::string& event, const value& data, const instance& by) {
  fold_command c;
  c.what = fold_command::kind::event;
  c.type = "emitted";
  c.body =
      to_text(value::object({{"path", value::text(by.path)}, {"event", value::text(event)}, {"data", data}}));
  commands_.push_back(std::move(c));
}

void engine::note(const std::string& event, const instance& about) {
  if (!about.what->segment.empty() && about.what->what != verb::sequence)
    commands_.push_back(step_event(event, about));
}

/// The instance whose command it is, which waits for it no more; null when nobody does.
instance* engine::waiting(const std::string& command, std::string& name) {
  const auto hash = command.rfind('#');
  if (hash == std::string::npos || !run_.root)
    return nullptr;
  name = command.substr(hash + 1);
  auto* self = find_instance(*run_.root, std::string_view(command).substr(0, hash));
  if (!self)
    return nullptr;
  const auto found = std::find(self->waits.begin(), self->waits.end(), name);
  if (found == self->waits.end())
    return nullptr;
  self->waits.erase(found);
  return self;
}

void engine::answered(const std::string& command, const outcome& answer) {
  add_spending(run_, answer);
  std::string name;
  if (auto* self = waiting(command, name))
    supervisor_of(*self).answered(*self, name, answer, *this);
}

void engine::due(const std::string& command) {
  if (command == "#deadline") {
    std::erase(run_.waits, command);
    if (!run_.root)
      return end_without_body(ending::failed({"timeout", "the run's deadline has passed", {}}));
    if (!run_.closing)
      stop(*run_.root, ending::failed({"timeout", "the run's deadline has passed", {}}));
    return;
  }
  std::string name;
  auto* self = waiting(command, name);
  if (!self)
    return;
  if (name == "deadline")
    return stop(*self, ending::failed({"timeout", "the step's deadline has passed", {}}));
  if (name != "retry")
    return supervisor_of(*self).due(*self, name, *this);
  if (run_.paused) {
    self->held = true;
    return;
  }
  ++self->attempt;
  supervisor_of(*self).start(*self, *this);
}

} // namespace troupe::workflow
