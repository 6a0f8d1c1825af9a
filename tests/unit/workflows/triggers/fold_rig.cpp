#include "tests/unit/workflows/triggers/fold_rig.hpp"

#include "config/invariant.hpp"
#include "runtime/base/ulid.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

const agent_id outside = *agent_id::make("default", "ingress", "0");

} // namespace

fold_rig::actor& fold_rig::actor_of(const std::string& agent) {
  auto& a = actors_[agent];
  if (!a.agent) {
    a.id = *agent_id::parse(agent);
    a.agent = kinds.at(a.id.kind())(a.id);
  }
  return a;
}

envelope fold_rig::message(const agent_id& from, const std::string& to, message_kind kind,
                           const std::string& type, const std::string& body) {
  envelope e;
  e.kind = kind;
  e.id = stable_ulid(now, "message " + std::to_string(++messages_));
  e.from = from;
  e.to = *agent_id::parse(to);
  e.type = type;
  e.body = body;
  e.sent = now;
  e.trace = e.id;
  return e;
}

void fold_rig::send(const std::string& agent, const std::string& type, const std::string& body) {
  fold_record r;
  r.message = message(outside, agent, message_kind::message, type, body);
  inputs_.push_back({agent, std::move(r)});
}

outcome fold_rig::ask(const std::string& agent, const std::string& type, const std::string& body) {
  heard_.reset();
  fold_record r;
  r.message = message(outside, agent, message_kind::call, type, body);
  r.message.call_key = r.message.id;
  inputs_.push_back({agent, std::move(r)});
  settle();
  ensure(heard_.has_value(), "a call that was answered at once");
  return *heard_;
}

void fold_rig::signal(const std::string& agent, const std::string& name, const std::string& body) {
  fold_record r;
  r.from = fold_record::source::signal;
  r.message = message(outside, agent, message_kind::signal, name, body);
  inputs_.push_back({agent, std::move(r)});
}

void fold_rig::settle() {
  while (!inputs_.empty() || fire_next(now)) {
    if (inputs_.empty())
      continue;
    auto next = std::move(inputs_.front());
    inputs_.pop_front();
    deliver(std::move(next));
  }
}

void fold_rig::go_to(instant until) {
  settle();
  while (fire_next(until))
    settle();
  now = std::max(now, until);
}

bool fold_rig::fire_next(instant until) {
  actor* whose = nullptr;
  const fold_command* first = nullptr;
  for (auto& [id, a] : actors_)
    for (const auto& [name, c] : a.outstanding)
      if (c.due <= until && (!first || c.due < first->due)) {
        whose = &a;
        first = &c;
      }
  if (!first)
    return false;
  now = std::max(now, first->due);
  fold_record r;
  r.from = first->what == fold_command::kind::timer ? fold_record::source::due : fold_record::source::answer;
  r.command = first->id;
  r.answer = outcome::failure("timeout", "no answer within the deadline");
  whose->outstanding.erase(first->id);
  inputs_.push_back({whose->id.text(), std::move(r)});
  return true;
}

void fold_rig::restart_at(instant then) {
  std::erase_if(inputs_, [](const input& i) { return i.computed; });
  now = then;
  for (auto& [id, a] : actors_) {
    a.agent = reborn(a);
    compute_again(a);
  }
}

std::unique_ptr<fold_agent> fold_rig::reborn(const actor& of) const {
  auto fresh = kinds.at(of.id.kind())(of.id);
  for (const auto& [key, text] : of.pins)
    ensure(fresh->know({key, text}).has_value(), "a pinned text reads back");
  const auto half = of.journal.size() / 2;
  for (std::size_t i = 0; i < of.journal.size(); ++i) {
    if (i == half && i > 0) { // through a snapshot, too
      const auto state = fresh->snapshot();
      fresh = kinds.at(of.id.kind())(of.id);
      for (const auto& [key, text] : of.pins)
        ensure(fresh->know({key, text}).has_value(), "a pinned text reads back");
      ensure(fresh->restore(fresh->schema(), state).has_value(), "a snapshot reads back");
    }
    fresh->apply(of.journal[i]);
  }
  return fresh;
}

void fold_rig::compute_again(actor& of) {
  for (const auto& command : of.agent->computing()) {
    fold_record r;
    r.from = fold_record::source::answer;
    r.command = command;
    inputs_.push_back({of.id.text(), std::move(r), true});
  }
}

void fold_rig::deliver(input in) {
  auto& a = actor_of(in.to);
  auto record = in.what;
  if (in.computed) {
    const auto open = a.agent->computing();
    if (std::find(open.begin(), open.end(), record.command) == open.end())
      return; // nobody asks any more
    record.answer = a.agent->compute(record.command);
  }
  record.number = a.journal.size() + 1;
  record.time = now;
  if (auto pin = a.agent->pin(record)) {
    record.pin = pin->key;
    a.pins[pin->key] = pin->text;
    ensure(a.agent->know(*pin).has_value(), "a pinned text reads back");
  }
  const auto fate = dies(in.to, record.number);
  if (fate != death::none) {
    ++deaths_;
    std::erase_if(inputs_, [&](const input& i) { return i.computed && i.to == in.to; });
  }
  if (fate == death::before_commit) {
    a.agent->apply(record);
    a.agent = reborn(a);
    if (!in.computed)
      inputs_.push_front(std::move(in));
    return compute_again(a);
  }
  a.agent->apply(record);
  a.agent->listings();
  const auto commands = a.agent->decide(record);
  a.journal.push_back(std::move(record));
  for (const auto& c : commands)
    carry_out(a, c);
  if (fate != death::after_commit)
    return;
  const auto before = a.agent->snapshot();
  a.agent = reborn(a);
  ensure(a.agent->snapshot() == before, "the fold of the journal is the live state");
  std::erase_if(inputs_, [&](const input& i) { return i.computed && i.to == a.id.text(); });
  compute_again(a);
}

void fold_rig::answer(const std::string& to, const std::string& command, outcome what) {
  fold_record r;
  r.from = fold_record::source::answer;
  r.command = command;
  r.answer = std::move(what);
  inputs_.push_back({to, std::move(r)});
}

void fold_rig::carry_out(actor& of, const fold_command& c) {
  using kind = fold_command::kind;
  fold_record r;
  switch (c.what) {
  case kind::call:
    of.outstanding[c.id] = c;
    [[fallthrough]];
  case kind::send:
    r.message = message(of.id, c.to.text(), c.what == kind::call ? message_kind::call : message_kind::message,
                        c.type, c.body);
    r.message.call_key = c.call_key.empty() ? c.id : c.call_key;
    r.message.attempt = c.attempt;
    inputs_.push_back({c.to.text(), std::move(r)});
    return;
  case kind::timer:
    of.outstanding[c.id] = c;
    return;
  case kind::clear: {
    const auto found = of.outstanding.find(c.id);
    if (found == of.outstanding.end())
      return;
    const auto was = found->second;
    of.outstanding.erase(found);
    if (was.what != kind::call)
      return;
    r.from = fold_record::source::cancel;
    r.message = message(of.id, was.to.text(), message_kind::cancel, was.type, "");
    r.message.call_key = was.call_key.empty() ? was.id : was.call_key;
    inputs_.push_back({was.to.text(), std::move(r)});
    return;
  }
  case kind::compute:
    r.from = fold_record::source::answer;
    r.command = c.id;
    inputs_.push_back({of.id.text(), std::move(r), true});
    return;
  case kind::reply: {
    if (c.to == outside) {
      heard_ = c.answer;
      return;
    }
    auto& caller = actor_of(c.to.text());
    for (auto at = caller.outstanding.begin(); at != caller.outstanding.end(); ++at)
      if ((at->second.call_key.empty() ? at->first : at->second.call_key) == c.call_key) {
        const auto command = at->first;
        caller.outstanding.erase(at);
        return answer(c.to.text(), command, c.answer);
      }
    return;
  }
  case kind::event:
    of.events.emplace_back(c.type, c.body);
    return;
  case kind::outside:
    return;
  }
}

std::vector<std::string> fold_rig::of_kind(const std::string& kind) const {
  std::vector<std::string> found;
  for (const auto& [id, a] : actors_)
    if (a.id.kind() == kind)
      found.push_back(a.id.key());
  return found;
}

std::uint64_t fold_rig::count(const std::string& agent, const std::string& event) const {
  const auto& all = actors_.at(agent).events;
  return static_cast<std::uint64_t>(
      std::count_if(all.begin(), all.end(), [&](const auto& e) { return e.first == event; }));
}

} // namespace troupe::workflow
