#include "workflows/testing/world.hpp"

#include "config/invariant.hpp"
#include "runtime/base/hash.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "runtime/base/ulid.hpp"
#include "workflows/agents/file_agent.hpp"
#include "workflows/builtin/builtin.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

agent_id outsider() { return *agent_id::make("default", "ingress", "0"); }

std::string path_in(const std::string& command) { return command.substr(0, command.rfind('#')); }

std::string waiting_for(const agent_id& who, const std::string& call_key, std::uint32_t attempt) {
  return who.text() + '\x1f' + call_key + '\x1f' + std::to_string(attempt);
}

} // namespace

world::world(const catalog& known, options how)
    : catalog_(known)
    , options_(how)
    , now_(how.begin) {}

std::string world::start(const std::string& workflow, const std::string& input, const std::string& by,
                         const std::string& event) {
  const auto id = stable_ulid(now_, "run " + std::to_string(++ids_));
  auto body =
      object("workflow", workflow, "input", read_json(input), "event", read_json(event), "started_by", by);
  send(id, "start", body.dump(), by);
  return id;
}

envelope world::message(const agent_id& to, const std::string& type, std::string body) {
  envelope e;
  e.id = stable_ulid(now_, "message " + std::to_string(++ids_));
  e.from = outsider();
  e.to = to;
  e.type = type;
  e.body = std::move(body);
  e.sent = now_;
  e.trace = e.id;
  return e;
}

void world::send(const std::string& run, const std::string& type, const std::string& body,
                 const std::string& principal, listener heard) {
  ready_.push_back([this, run, type, body, principal, heard = std::move(heard)]() mutable {
    auto& to = actor_of(*agent_id::make("default", "workflow", run));
    fold_record r;
    r.from = fold_record::source::mail;
    r.message = message(to.id, type, body);
    r.message.principal = principal;
    r.message.kind = type == "start" ? message_kind::message : message_kind::call;
    r.message.call_key = type == "start" ? "" : r.message.id;
    if (heard)
      listeners_[r.message.call_key] = std::move(heard);
    deliver(to, std::move(r));
  });
}

void world::signal(const std::string& run, const std::string& name, const std::string& body,
                   const std::string& correlation) {
  ready_.push_back([this, run, name, body, correlation] {
    auto& to = actor_of(*agent_id::make("default", "workflow", run));
    fold_record r;
    r.from = fold_record::source::signal;
    r.message = message(to.id, name, body);
    r.message.kind = message_kind::signal;
    r.message.correlation = correlation;
    deliver(to, std::move(r));
  });
}

void world::at(instant when, std::function<void()> what) { later(when, std::move(what)); }

void world::later(instant when, std::function<void()> what) {
  later_.push_back({when, ++order_, std::move(what)});
}

bool world::step() {
  if (++done_ > options_.records_max)
    return false;
  if (ready_.empty()) {
    const auto next = std::min_element(later_.begin(), later_.end(), [](const due& a, const due& b) {
      return std::tie(a.when, a.order) < std::tie(b.when, b.order);
    });
    if (next == later_.end() || next->when == never || next->when > options_.until)
      return false;
    now_ = std::max(now_, next->when);
    ready_.push_back(std::move(next->what));
    later_.erase(next);
  }
  auto next = std::move(ready_.front());
  ready_.pop_front();
  next();
  return true;
}

bool world::lives_here(const agent_id& id) const {
  return id.kind() == "workflow" || catalog_.find_agent(id.kind()) != nullptr;
}

world::actor& world::actor_of(const agent_id& id) {
  auto& a = actors_[id.text()];
  if (!a.agent) {
    a.id = id;
    become(a, newborn(id));
  }
  return a;
}

std::unique_ptr<fold_agent> world::newborn(const agent_id& id) const {
  if (id.kind() == "workflow")
    return std::make_unique<run_agent>(id, catalog_);
  return std::make_unique<file_agent>(id, catalog_);
}

void world::become(actor& a, std::unique_ptr<fold_agent> born) {
  a.agent = std::move(born);
  a.run = a.id.kind() == "workflow" ? static_cast<const run_agent*>(a.agent.get()) : nullptr;
}

/// An agent that does one thing at a time lets other mail wait; what belongs to the thing comes all the same.
void world::deliver(actor& to, fold_record record) {
  if (record.from == fold_record::source::mail && (!to.mail.empty() || !to.agent->takes_mail())) {
    to.mail.push_back(std::move(record));
    return;
  }
  take(to, std::move(record));
  while (!to.mail.empty() && to.agent->takes_mail()) {
    auto next = std::move(to.mail.front());
    to.mail.pop_front();
    take(to, std::move(next));
  }
}

void world::take(actor& a, fold_record record) {
  record.number = ++a.records;
  ++records_;
  record.time = now_;
  if (auto pin = a.agent->pin(record)) {
    record.pin = pin->key;
    a.pins[pin->key] = pin->text;
    ensure(a.agent->know(*pin).has_value(), "a pinned definition reads back");
  }
  a.agent->apply(record);
  a.agent->listings();
  const auto commands = a.agent->decide(record);
  a.since_snapshot.push_back(std::move(record));
  for (const auto& command : commands)
    carry_out(a, command);
  if (watch && a.run)
    watch(a.run->run());
  if (options_.crash_after_every_record || options_.crash_one_in > 0)
    crash_if_due(a);
}

/// What would come back if the process died now: only the journal is left. It must be what is there.
std::unique_ptr<fold_agent> world::reborn(const actor& of) const {
  auto made = newborn(of.id);
  for (const auto& [key, text] : of.pins)
    ensure(made->know({key, text}).has_value(), "a pinned definition reads back");
  if (!of.snapshot.empty())
    ensure(made->restore(1, of.snapshot).has_value(), "a snapshot reads back");
  for (const auto& record : of.since_snapshot)
    made->apply(record);
  ensure(made->snapshot() == of.agent->snapshot(), "the fold of the journal is the live state");
  return made;
}

void world::crash_if_due(actor& a) {
  auto second = reborn(a);
  const auto drawn = stable_hash(std::to_string(options_.crash_seed) + ' ' + std::to_string(records_));
  if (options_.crash_after_every_record || drawn % options_.crash_one_in == 0)
    crash(a, std::move(second));
  if (a.since_snapshot.size() < options_.snapshot_every)
    return;
  a.snapshot = a.agent->snapshot();
  a.since_snapshot.clear();
}

/// The process dies; what it was computing is computed by its successor, which has to ask for it. In its
/// turn: the order of things that happen at one moment is not what a crash is about.
void world::crash(actor& of, std::unique_ptr<fold_agent> second) {
  become(of, std::move(second));
  ++crashes_;
  const auto asked = of.agent->computing();
  for (const auto& [id, command] : of.waiting)
    ensure(command.what != fold_command::kind::compute ||
               std::find(asked.begin(), asked.end(), id) != asked.end(),
           "what was being computed is asked for again");
}

void world::carry_out(actor& a, const fold_command& c) {
  using kind = fold_command::kind;
  switch (c.what) {
  case kind::call:
  case kind::outside:
    a.waiting[c.id] = c;
    ask(a, c);
    if (c.due != never)
      later(c.due, [this, &a, id = c.id] {
        const auto open = a.waiting.find(id);
        if (open == a.waiting.end())
          return;
        withdraw(a, open->second);
        settle(a, id, outcome::failure("timeout", "no answer within the deadline"));
      });
    return;
  case kind::compute:
    a.waiting[c.id] = c;
    if (!answer_by_script(a, c))
      begin_computing(a, c.id);
    return;
  case kind::timer:
    return begin_timer(a, c);
  case kind::clear:
    if (const auto open = a.waiting.find(c.id); open != a.waiting.end()) {
      const auto former = std::move(open->second);
      a.waiting.erase(open);
      withdraw(a, former);
    }
    return;
  case kind::reply:
    return reply(c);
  case kind::send:
    return ask(a, c);
  case kind::event:
    a.events.emplace_back(c.type, c.body);
    return;
  }
}

void world::begin_timer(actor& a, const fold_command& c) {
  a.waiting[c.id] = c;
  later(c.due, [this, &a, id = c.id, due = c.due] {
    const auto found = a.waiting.find(id);
    if (found == a.waiting.end() || found->second.due != due)
      return;
    a.waiting.erase(found);
    fold_record r;
    r.from = fold_record::source::due;
    r.command = id;
    deliver(a, std::move(r));
  });
}

void world::begin_computing(actor& a, const std::string& command) {
  const auto known = a.waiting.find(command);
  if (known == a.waiting.end() || !known->second.target.empty())
    return; // a script answers it
  ready_.push_back([this, &a, command] {
    if (a.waiting.contains(command))
      settle(a, command, a.agent->compute(command));
  });
}

asked world::question(const actor& a, const fold_command& c) const {
  asked q;
  q.run = a.run ? a.id.key() : "";
  q.path = path_in(c.id);
  const auto* at = step_at(a, q.path);
  q.step = at ? at->segment : "";
  if (c.what == fold_command::kind::compute) {
    const auto* call = at ? std::get_if<call_body>(&at->body) : nullptr;
    const auto* kind = call ? call->agent.constant() : nullptr;
    q.agent = kind && kind->is(expression::value_kind::text) ? kind->as_text() : "";
    q.action = call ? call->action : "";
  } else if (c.what == fold_command::kind::outside) {
    q.agent = c.type.substr(0, c.type.find('.'));
    q.action = c.type.substr(c.type.find('.') + 1);
  } else {
    q.agent = c.to.kind();
    q.key = c.to.key();
    q.action = c.type;
  }
  q.body = c.body;
  q.idempotency_key = c.call_key;
  q.attempt = c.attempt;
  q.once = c.once;
  q.here =
      c.what == fold_command::kind::compute || (c.what != fold_command::kind::outside && lives_here(c.to));
  q.at = now_;
  return q;
}

const workflow::step* world::step_at(const actor& a, const std::string& path) const {
  if (!a.run || path.empty() || !a.run->run().root)
    return nullptr;
  const auto* found = find_instance(*a.run->run().root, path);
  return found ? found->what : nullptr;
}

bool world::answer_by_script(actor& a, const fold_command& c) {
  auto q = question(a, c);
  auto given = mock ? mock(q) : std::nullopt;
  q.here = q.here && !given;
  calls_.push_back(q);
  if (!given)
    return false;
  if (c.what == fold_command::kind::send)
    return true;
  a.waiting[c.id].target = "script";
  auto answer = [this, &a, id = c.id, what = std::move(given->what)] { settle(a, id, what); };
  if (given->after.count() > 0)
    later(troupe::later(now_, given->after), std::move(answer));
  else
    ready_.push_back(std::move(answer));
  return true;
}

void world::ask(actor& a, const fold_command& c) {
  if (c.what != fold_command::kind::outside && c.to.kind() == "workflow.lock")
    return give_turn(a, c);
  if (answer_by_script(a, c))
    return;
  if (calls_.back().here)
    return ask_here(a, c);
  auto heard = answer ? answer(calls_.back()) : std::nullopt;
  if (heard && c.what != fold_command::kind::send)
    ready_.push_back([this, &a, id = c.id, heard = std::move(*heard)] { settle(a, id, heard); });
}

/// Nobody else in this world wants a turn of a workflow.
void world::give_turn(actor& a, const fold_command& c) {
  if (c.what == fold_command::kind::call)
    ready_.push_back(
        [this, &a, id = c.id] { settle(a, id, outcome::success(object("granted", true).dump())); });
}

void world::ask_here(actor& a, const fold_command& c) {
  const bool call = c.what == fold_command::kind::call;
  if (call)
    callers_[waiting_for(a.id, c.call_key, c.attempt)] = c.id;
  ready_.push_back([this, c, call, from = a.id] {
    auto& to = actor_of(c.to);
    fold_record r;
    r.from = fold_record::source::mail;
    r.message = message(to.id, c.type, c.body);
    r.message.from = from;
    r.message.kind = call ? message_kind::call : message_kind::message;
    r.message.call_key = c.call_key;
    r.message.attempt = c.attempt;
    r.message.deadline = c.due;
    r.message.once = c.once;
    r.message.chain = c.chain;
    deliver(to, std::move(r));
  });
}

/// Whoever was called and is not waited for any more is told so.
void world::withdraw(actor& a, const fold_command& c) {
  if (c.what != fold_command::kind::call || !lives_here(c.to) || !actors_.contains(c.to.text()))
    return;
  ready_.push_back([this, c, from = a.id] {
    auto& to = actor_of(c.to);
    const auto same = [&](const fold_record& r) {
      return r.message.call_key == c.call_key && r.message.from == from;
    };
    if (const auto waits = std::find_if(to.mail.begin(), to.mail.end(), same); waits != to.mail.end()) {
      to.mail.erase(waits);
      return;
    }
    fold_record r;
    r.from = fold_record::source::cancel;
    r.message = message(to.id, c.type, "");
    r.message.from = from;
    r.message.kind = message_kind::cancel;
    r.message.call_key = c.call_key;
    deliver(to, std::move(r));
  });
}

void world::settle(actor& a, const std::string& command, outcome answer) {
  if (a.waiting.erase(command) == 0)
    return;
  fold_record r;
  r.from = fold_record::source::answer;
  r.command = command;
  r.answer = std::move(answer);
  deliver(a, std::move(r));
}

void world::reply(const fold_command& c) {
  if (c.to == outsider()) {
    heard_ = c.answer;
    if (const auto who = listeners_.find(c.call_key); who != listeners_.end())
      who->second(c.answer);
    return;
  }
  const auto command = callers_.find(waiting_for(c.to, c.call_key, c.attempt));
  if (command == callers_.end())
    return;
  ready_.push_back([this, c, id = command->second] { settle(actor_of(c.to), id, c.answer); });
  callers_.erase(command);
}

std::vector<std::string> world::runs() const {
  std::vector<std::string> all;
  for (const auto& [text, a] : actors_)
    if (a.run)
      all.push_back(a.id.key());
  return all;
}

} // namespace troupe::workflow
