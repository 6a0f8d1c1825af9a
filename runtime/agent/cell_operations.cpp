// What operators ask of a cell, and what it shows them.
#include "runtime/agent/agent_cell.hpp"

#include "runtime/agent/crash_row.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"

namespace troupe {

void agent_cell::stop(const std::string& reason, instant now) {
  last_now_ = std::max(last_now_, now);
  auto t = new_turn();
  if (behaviour_)
    behaviour_->abandon("unavailable", "the agent was stopped: " + reason, t, last_now_);
  t.commit.status = journal::agent_status::stopped;
  t.commit.reason = reason;
  t.commit.events.push_back({"agent_stopped", crash_detail("", 0, reason), "", last_now_});
  found_.status = journal::agent_status::stopped;
  found_.reason = reason;
  behaviour_.reset();
  submit(std::move(t), last_now_);
}

/// The activation ends; the next one begins with what is committed here.
void agent_cell::restart(restart_mode mode, instant now) {
  last_now_ = std::max(last_now_, now);
  auto t = new_turn();
  bool gives_up = mode == restart_mode::reset || mode == restart_mode::task_abandon;
  if (gives_up && behaviour_)
    behaviour_->abandon("canceled", "an operator restarted the agent", t, last_now_);
  if ((gives_up || mode == restart_mode::task_retry) && !behaviour_)
    give_up_stored_tasks(t, mode == restart_mode::task_retry, last_now_);
  t.commit.erases.push_back({journal::row_class::crash, "", true});
  t.commit.status = journal::agent_status::active;
  t.commit.reason = "";
  t.commit.events.push_back({"agent_restarted", "{}", "", last_now_});
  submit(std::move(t), last_now_);
  end(cell_over::how::passivated, "restarted");
}

bool agent_cell::passivate(instant now) {
  if (over_ || frozen_ || !in_flight_.empty() || !settled_.empty() || !nothing_queued() || mailbox_.asking())
    return false;
  if (behaviour_ && (!behaviour_->quiet() || behaviour_->has_due(now)))
    return false;
  end(cell_over::how::passivated, "idle");
  return true;
}

bool agent_cell::first_turn_over() const {
  bool knows = mailbox_.knows_all(lane::mail) && mailbox_.knows_all(lane::control);
  bool queued = mailbox_.depth(lane::mail) + mailbox_.depth(lane::control) > 0;
  return over_ || turns_ > 0 || !behaviour_ ||
         (knows && (!queued || !behaviour_->takes_mail()) && settled_.empty());
}

void agent_cell::give_up(const std::string& reason, instant now) {
  last_now_ = std::max(last_now_, now);
  fail_agent(reason, last_now_);
}

agent_state agent_cell::state() const {
  if (!refused_.empty())
    return agent_state::unplaced;
  if (found_.status == journal::agent_status::failed)
    return agent_state::failed;
  if (found_.status == journal::agent_status::stopped)
    return agent_state::stopped;
  if (!in_flight_.empty())
    return agent_state::busy;
  return behaviour_ && behaviour_->waiting() ? agent_state::waiting : agent_state::idle;
}

std::uint32_t agent_cell::depth() const {
  return static_cast<std::uint32_t>(mailbox_.depth(lane::mail) + mailbox_.depth(lane::control) +
                                    mailbox_.told_items());
}

bool agent_cell::nothing_queued() const { return depth() == 0; }

agent_view agent_cell::view(bool details, instant now) const {
  agent_view v;
  v.id = found_.id;
  v.birth = found_.birth;
  v.epoch = found_.epoch;
  v.mailbox_depth = depth();
  v.turns = turns_;
  v.reason = refused_.empty() ? found_.reason : refused_;
  v.next_due = next_wake();
  if (behaviour_)
    behaviour_->describe(v, details);
  v.state = state();
  if (details)
    add_why(v, now);
  return v;
}

void agent_cell::add_why(agent_view& into, instant now) const {
  auto seconds_since = [&](instant t) { return std::to_string((now - t).count() / 1000) + " s"; };
  if (into.state == agent_state::unplaced || into.state == agent_state::failed ||
      into.state == agent_state::stopped)
    into.why.push_back("does not run: " + into.reason + "; troupe restart " + found_.id.text() +
                       " gets it going");
  if (!in_flight_.empty())
    into.why.push_back("waits for the journal to make " + std::to_string(in_flight_.size()) +
                       " turns durable");
  for (const auto& task : into.tasks)
    for (const auto& w : task.waits)
      into.why.push_back("task " + task.id + " (" + task.type + ") waits for " + w.what +
                         (w.on.empty() ? "" : " " + w.on) + " since " + seconds_since(w.since) +
                         (w.until == never ? "" : ", until " + to_rfc3339(w.until)) +
                         "; what gets it going: " + w.next);
  if (behaviour_ && !behaviour_->takes_mail() && mailbox_.depth(lane::mail) > 0)
    into.why.push_back(std::to_string(mailbox_.depth(lane::mail)) +
                       " messages wait for its open task to end");
  if (into.why.empty())
    into.why.push_back(
        "idle: the next message wakes it" +
        (into.next_due == never ? std::string() : ", or time at " + to_rfc3339(into.next_due)));
}

std::vector<mail_view> agent_cell::queued(std::size_t limit) const {
  static constexpr const char* names[] = {"message", "call", "timer", "reply", "cancel", "signal", "stop"};
  std::vector<mail_view> views;
  for (auto on : {lane::control, lane::mail})
    for (const auto& m : mailbox_.queued(on)) {
      if (views.size() == limit)
        return views;
      mail_view v;
      v.number = m.at.number;
      v.bytes = m.bytes.size();
      v.kind = m.what ? names[static_cast<std::size_t>(m.what->kind)] : "unreadable";
      if (m.what) {
        v.id = m.what->id;
        v.from = m.what->from.empty() ? "" : m.what->from.text();
        v.type = m.what->type;
        v.sent = m.what->sent;
      }
      views.push_back(std::move(v));
    }
  return views;
}

/// A failed or refused agent has no tasks in memory: its rows, still at hand from activation, say what to
/// end.
void agent_cell::give_up_stored_tasks(turn& t, bool retry, instant now) {
  for (const auto& row : found_.rows) {
    if (row.cls != journal::row_class::task)
      continue;
    t.commit.erases.push_back({journal::row_class::task, row.key, false});
    t.commit.erases.push_back({journal::row_class::record, row.key, true});
    t.commit.erases.push_back({journal::row_class::base, row.key, true});
    auto began = decode_task(row.body);
    if (!began)
      continue;
    if (retry) { // a new task id, from the state as committed
      auto again = *began;
      again.handler_version = kind_ ? kind_->version : again.handler_version;
      t.commit.puts.push_back(
          {journal::row_class::task, make_ulid(now, services_.random()), 1, encode(again), never});
      continue;
    }
    end_stored_task(*began, t, now);
  }
  for (const auto& row : found_.effects)
    t.commit.effect_clears.push_back(row.effect.id);
}

void agent_cell::end_stored_task(const task_row& began, turn& t, instant now) {
  const auto& message = began.message;
  if (message.kind == message_kind::call && message.told)
    return; // who asked has been told so by its own clock
  if (message.kind == message_kind::call) {
    envelope e;
    e.kind = message_kind::reply;
    e.id = make_ulid(now, services_.random());
    e.from = found_.id;
    e.to = message.from;
    e.type = message.type;
    e.sent = now;
    e.trace = message.trace;
    e.call_key = message.call_key;
    e.attempt = message.attempt;
    e.answer = outcome::failure("canceled", "an operator abandoned the task", found_.id.text());
    t.commit.outbox.push_back({e.to, lane::control, encode(e)});
    return;
  }
  journal::dead_letter letter;
  letter.id = make_ulid(now, services_.random());
  letter.reason = std::string(dead_letter_reason::abandoned);
  letter.note = "an operator abandoned the task";
  letter.envelope = encode(message);
  letter.to = message.to;
  letter.from = message.from;
  letter.at = now;
  letter.late = true;
  t.commit.dead_letters.push_back(std::move(letter));
}

} // namespace troupe
