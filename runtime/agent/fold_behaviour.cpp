#include "runtime/agent/fold_behaviour.hpp"

#include "runtime/agent/crash_row.hpp"
#include "runtime/agent/fold_load.hpp"
#include "runtime/agent/row_keys.hpp"
#include "runtime/base/fault_point.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"
#include "runtime/wire/outcome_codec.hpp"

namespace troupe {
namespace {

constexpr std::uint64_t records_between_snapshots = 200; // an activation folds at most this many

} // namespace

fold_behaviour::fold_behaviour(const kind_spec& kind, cell_services& services, agent_id self,
                               std::uint64_t birth)
    : kind_(kind)
    , services_(services)
    , self_(std::move(self))
    , birth_(birth) {}

result<verdict> fold_behaviour::load(const journal::loaded_agent& found, instant) {
  auto folded = fold_journal(kind_, found);
  if (!folded)
    return tl::unexpected(folded.error());
  agent_ = std::move(folded->agent);
  records_ = folded->records;
  since_snapshot_ = folded->since_snapshot;
  for (const auto& row : found.rows) {
    if (row.cls == journal::row_class::pinned)
      pinned_.insert(row.key);
    if (row.cls != journal::row_class::counter)
      continue;
    auto command = decode_command(row.key, row.body);
    if (!command)
      return tl::unexpected(command.error());
    if (!command->call_key.empty())
      calls_out_[command->call_key] = row.key;
    waiting_[row.key] = std::move(*command);
  }
  for (auto& id : agent_->computing())
    computing_.insert(std::move(id));
  return verdict();
}

void fold_behaviour::rearm(const journal::loaded_agent& found, std::vector<cell_action>& actions,
                           fifo<settled_effect>& settled) {
  for (const auto& id : computing_)
    settled.push_back({"", id, {}});
  take_up(found.effects, actions, settled);
}

void fold_behaviour::take_up(const std::vector<journal::effect_row>& rows, std::vector<cell_action>& actions,
                             fifo<settled_effect>& settled) {
  in_other_hands_ = false;
  for (const auto& row : rows)
    for (const auto& [id, command] : waiting_) {
      if (row.effect.id != effect_id(id))
        continue;
      if (row.result) {
        auto answer = wire::decode_outcome(*row.result);
        settled.push_back({"", id, answer ? *answer : outcome::failure("invalid", answer.error().message)});
      } else if (services_.executor_gone(row.executor)) {
        actions.push_back(execute_effect{"", id, row.effect, true});
      } else {
        in_other_hands_ = true;
      }
    }
}

verdict fold_behaviour::on_mail(const mail& m, turn& t, instant now) {
  fold_record record;
  record.from = fold_record::source::mail;
  record.message = *m.what;
  return take(std::move(record), "m/" + std::to_string(m.at.sender_birth) + '/' + std::to_string(m.at.number),
              t, now);
}

/// A record like any other, but nobody is answered: what a fold replies to is a call in its journal.
verdict fold_behaviour::on_told(const told& what, std::size_t item, turn& t, instant now) {
  if (!what.query.empty()) {
    auto refused =
        outcome::failure("invalid", "kind " + kind_.name + " answers calls, not queries", self_.text());
    t.after.push_back(answer_query{{what.from, what.query, std::move(refused)}});
    return {};
  }
  fold_record record;
  record.from = fold_record::source::mail;
  auto& e = record.message;
  e = from_here(message_kind::message, what.to, what.items[item].type, what.trace, now);
  e.from = what.from;
  e.body = what.items[item].body;
  e.sent = what.sent;
  e.principal = what.principal;
  e.told = true;
  return take(std::move(record), told_subject, t, now);
}

verdict fold_behaviour::on_reply(const envelope& e, turn& t, instant now) {
  auto found = calls_out_.find(e.call_key);
  if (found == calls_out_.end()) {
    ++t.commit.skipped;
    t.commit.events.push_back({"reply_skipped", "{}", e.trace, now});
    return {};
  }
  auto command = found->second;
  calls_out_.erase(found);
  return on_settled("", command, e.answer, t, now);
}

verdict fold_behaviour::on_settled(const std::string&, const std::string& command, const outcome& answer,
                                   turn& t, instant now) {
  const bool computed = computing_.erase(command) > 0;
  if (!computed && !waiting_.contains(command))
    return {};
  fold_record record;
  record.from = fold_record::source::answer;
  record.command = command;
  try {
    record.answer = computed ? agent_->compute(command) : answer;
  } catch (const std::exception& e) {
    record.answer = outcome::failure("invalid", e.what());
  }
  if (!computed)
    settle(command, t);
  return take(std::move(record), "c/" + command, t, now);
}

verdict fold_behaviour::on_cancel(const envelope& e, std::uint64_t, turn& t, instant now) {
  fold_record record;
  record.from = fold_record::source::cancel;
  record.message = e;
  return take(std::move(record), "x/" + e.call_key, t, now);
}

verdict fold_behaviour::on_signal(const mail& m, turn& t, instant now) {
  fold_record record;
  record.from = fold_record::source::signal;
  record.message = *m.what;
  return take(std::move(record), "s/" + std::to_string(m.at.sender_birth) + '/' + std::to_string(m.at.number),
              t, now);
}

instant fold_behaviour::next_due() const {
  auto due = never;
  for (const auto& [id, command] : waiting_)
    due = std::min(due, command.due);
  return due;
}

verdict fold_behaviour::on_due(turn& t, instant now) {
  for (const auto& [id, command] : waiting_) {
    if (command.due > now)
      continue;
    auto late = command;
    if (late.what == fold_command::kind::timer) {
      settle(late.id, t);
      fold_record record;
      record.from = fold_record::source::due;
      record.command = late.id;
      return take(std::move(record), "c/" + late.id, t, now);
    }
    clear(late.id, late.trace, t, now);
    fold_record record;
    record.from = fold_record::source::answer;
    record.command = late.id;
    record.answer =
        outcome::failure("timeout", "no answer within the deadline", late.to.empty() ? "" : late.to.text());
    return take(std::move(record), "c/" + late.id, t, now);
  }
  return {};
}

verdict fold_behaviour::take(fold_record record, const std::string& subject, turn& t, instant now) {
  record.number = records_ + 1;
  record.time = now;
  std::vector<fold_command> commands;
  try {
    fault_point("fold.before_apply");
    pin(record, t);
    agent_->apply(record);
    commands = agent_->decide(record);
    t.commit.listings = agent_->listings();
    fault_point("fold.after_decide");
  } catch (const std::exception& e) {
    return verdict(verdict::how::crashed, subject, e.what());
  }
  ++records_;
  t.commit.puts.push_back(
      {journal::row_class::fold, row_keys::big_endian(record.number), 1, encode(record), never});
  for (const auto& command : commands)
    carry_out(command, record, t, now);
  ++since_snapshot_;
  snapshot_if_long(t);
  return {};
}

void fold_behaviour::pin(fold_record& record, turn& t) {
  auto pinned = agent_->pin(record);
  if (!pinned)
    return;
  record.pin = pinned->key;
  if (pinned_.contains(pinned->key))
    return; // the row is there: an agent reads most of its records with the same text
  if (auto known = agent_->know(*pinned); !known)
    throw std::runtime_error("what was pinned cannot be read: " + known.error().message);
  t.commit.puts.push_back({journal::row_class::pinned, pinned->key, 1, std::move(pinned->text), never});
  pinned_.insert(pinned->key);
}

void fold_behaviour::snapshot_if_long(turn& t) {
  if (since_snapshot_ < records_between_snapshots)
    return;
  since_snapshot_ = 0;
  std::erase_if(t.commit.puts, [](const auto& row) { return row.cls == journal::row_class::fold; });
  t.commit.erases.push_back({journal::row_class::fold, "", true});
  t.commit.puts.push_back({journal::row_class::snapshot, "state", agent_->schema(),
                           row_keys::big_endian(records_) + agent_->snapshot(), never});
}

void fold_behaviour::carry_out(const fold_command& command, const fold_record& because, turn& t,
                               instant now) {
  const auto& trace = command.trace.empty() ? because.message.trace : command.trace;
  switch (command.what) {
  case fold_command::kind::call:
    return write_call(command, because, t, now);
  case fold_command::kind::outside:
    return write_outside(command, t, now);
  case fold_command::kind::timer:
    return wait_for(command, "", t, now);
  case fold_command::kind::clear:
    return clear(command.id, trace, t, now);
  case fold_command::kind::compute:
    computing_.insert(command.id);
    t.then.push_back({"", command.id, {}});
    return;
  case fold_command::kind::event:
    t.commit.events.push_back({command.type, command.body, trace, now});
    return;
  case fold_command::kind::send: {
    auto e = from_here(message_kind::message, command.to, command.type, trace, now);
    e.body = command.body;
    t.commit.outbox.push_back({e.to, lane::mail, encode(e)});
    return;
  }
  case fold_command::kind::reply: {
    auto e = from_here(message_kind::reply, command.to, command.target, trace, now);
    e.call_key = command.call_key;
    e.attempt = command.attempt;
    e.answer = command.answer;
    t.commit.outbox.push_back({e.to, lane::control, encode(e)});
    return;
  }
  }
}

void fold_behaviour::write_call(const fold_command& command, const fold_record& because, turn& t,
                                instant now) {
  auto key = command.call_key.empty() ? self_.text() + '#' + std::to_string(birth_) + '/' + command.id
                                      : command.call_key;
  auto e = from_here(message_kind::call, command.to, command.type,
                     command.trace.empty() ? because.message.trace : command.trace, now);
  e.body = command.body;
  e.call_key = key;
  e.attempt = command.attempt;
  e.deadline = command.due;
  e.once = command.once;
  e.chain = command.chain;
  e.chain.push_back(self_);
  wait_for(command, key, t, now);
  calls_out_[key] = command.id;
  t.calls.push_back({t.commit.outbox.size(), "", command.id});
  t.commit.outbox.push_back({e.to, lane::mail, encode(e)});
}

void fold_behaviour::write_outside(const fold_command& command, turn& t, instant now) {
  journal::effect_put row;
  row.id = effect_id(command.id);
  row.verb = command.type;
  row.target = command.target;
  row.body = command.body;
  row.key = command.call_key.empty() ? row.id : command.call_key;
  row.deadline = command.due;
  row.once = command.once;
  t.commit.effects.push_back(row);
  wait_for(command, "", t, now);
  t.after.push_back(execute_effect{"", command.id, std::move(row), false});
}

void fold_behaviour::wait_for(const fold_command& command, const std::string& call_key, turn& t,
                              instant now) {
  waiting_command row;
  row.what = command.what;
  row.id = command.id;
  row.call_key = call_key;
  row.due = command.due;
  row.target = command.target;
  row.to = command.to;
  row.type = command.type;
  row.attempt = command.attempt;
  row.trace = command.trace;
  row.at = now;
  t.commit.puts.push_back({journal::row_class::counter, command.id, 1, encode(row), never});
  waiting_[command.id] = std::move(row);
}

/// Nobody waits for the command any more: whoever carries it out is told.
void fold_behaviour::clear(const std::string& id, const std::string& trace, turn& t, instant now) {
  computing_.erase(id);
  auto found = waiting_.find(id);
  if (found == waiting_.end())
    return;
  auto& command = found->second;
  if (command.what == fold_command::kind::call) {
    auto e = from_here(message_kind::cancel, command.to, command.type, trace, now);
    e.call_key = command.call_key;
    e.attempt = command.attempt;
    e.call_number = command.call_number;
    t.commit.outbox.push_back({e.to, lane::control, encode(e)});
  }
  if (command.what == fold_command::kind::outside)
    t.after.push_back(forget_effect{effect_id(id)});
  settle(id, t);
}

void fold_behaviour::settle(const std::string& id, turn& t) {
  auto found = waiting_.find(id);
  if (found->second.what == fold_command::kind::outside)
    t.commit.effect_clears.push_back(effect_id(id));
  calls_out_.erase(found->second.call_key);
  t.commit.erases.push_back({journal::row_class::counter, id, false});
  waiting_.erase(found);
}

void fold_behaviour::end_poisoned(const std::string& subject, const mail* m, const std::string& problem,
                                  turn& t, instant now) {
  if (!m) {
    if (subject.starts_with("c/"))
      tell_crashed(subject.substr(2), problem, t, now);
    return;
  }
  journal::dead_letter letter;
  letter.id = make_ulid(now, services_.random());
  letter.reason = std::string(dead_letter_reason::crashed);
  letter.note = problem;
  letter.envelope = m->bytes;
  letter.to = self_;
  letter.from = m->what->from;
  letter.at = now;
  t.commit.dead_letters.push_back(std::move(letter));
  if (m->what->kind != message_kind::call)
    return;
  auto e = from_here(message_kind::reply, m->what->from, m->what->type, m->what->trace, now);
  e.call_key = m->what->call_key;
  e.attempt = m->what->attempt;
  e.answer = outcome::failure("agent.crashed", problem, self_.text());
  t.commit.outbox.push_back({e.to, lane::control, encode(e)});
}

/// The answer that brought the fold down three times is replaced by one that says so. If it cannot take that
/// either, the command is dropped: what it was for stays open, for people to see.
void fold_behaviour::tell_crashed(const std::string& command, const std::string& problem, turn& t,
                                  instant now) {
  if (waiting_.contains(command))
    settle(command, t);
  computing_.erase(command);
  fold_record record;
  record.from = fold_record::source::answer;
  record.command = command;
  record.answer = outcome::failure("agent.crashed", problem, self_.text());
  take(std::move(record), "c/" + command, t, now);
}

void fold_behaviour::abandon(const std::string&, const std::string&, turn& t, instant now) {
  while (!waiting_.empty())
    clear(std::string(waiting_.begin()->first), waiting_.begin()->second.trace, t, now);
}

void fold_behaviour::numbered(const turn::call_sent& call, std::uint64_t number) {
  if (auto found = waiting_.find(call.effect); found != waiting_.end())
    found->second.call_number = number;
}

envelope fold_behaviour::from_here(message_kind kind, const agent_id& to, std::string type,
                                   const std::string& trace, instant now) {
  envelope e;
  e.kind = kind;
  e.id = make_ulid(now, services_.random());
  e.from = self_;
  e.to = to;
  e.type = std::move(type);
  e.sent = now;
  e.trace = trace.empty() ? e.id : trace;
  return e;
}

std::string fold_behaviour::effect_id(const std::string& command) const {
  return "fold/" + std::to_string(birth_) + '/' + command;
}

void fold_behaviour::describe(agent_view& into, bool details) const {
  task_view view;
  view.id = "records";
  view.type = kind_.name;
  view.turns = static_cast<std::uint32_t>(records_);
  for (const auto& [id, command] : waiting_) {
    wait_view w;
    static constexpr const char* names[] = {"call",  "send",  "reply",
                                            "timer", "clear", "outside"}; // waits only
    w.what = names[static_cast<std::size_t>(command.what)];
    w.on = command.to.empty() ? command.target : command.to.text();
    w.effect = id;
    w.since = command.at;
    w.until = command.due;
    w.next = command.what == fold_command::kind::timer ? "time: it goes on at " + to_rfc3339(command.due)
                                                       : "the answer to command " + id;
    view.waits.push_back(std::move(w));
  }
  if (!view.waits.empty())
    into.tasks.push_back(std::move(view));
  if (details)
    into.state_documents.push_back({"state", agent_->schema(), agent_->describe()});
}

} // namespace troupe
