#include "runtime/agent/coroutine_behaviour.hpp"

#include "runtime/agent/crash_row.hpp"
#include "runtime/agent/row_keys.hpp"
#include "runtime/base/fault_point.hpp"
#include "runtime/base/hash.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"

#include <algorithm>

namespace troupe {
namespace {

constexpr milliseconds answer_kept{limits::call_answer_kept};

std::string skip_key(const envelope& e) { return "skip\x1f" + e.from.text() + '\x1f' + e.call_key; }
std::string answered_key(const envelope& e) { return "call\x1f" + e.from.text() + '\x1f' + e.call_key; }

std::string task_subject(const std::string& task, const std::string& effect) {
  return "t/" + task + '/' + effect;
}

} // namespace

std::string coroutine_behaviour::message_subject(const stream_position& at) {
  return "m/" + std::to_string(at.sender_birth) + '/' + std::to_string(at.number);
}

/// What a crash in a turn of the task counts against, when `effect` has resumed it.
std::string coroutine_behaviour::crash_subject(const std::string& id, const open_task& task,
                                               const std::string& effect) const {
  if (task.stored)
    return task_subject(id, effect);
  return task.run->origin().message.told ? told_subject : message_subject(task.begun_by);
}

coroutine_behaviour::coroutine_behaviour(const kind_spec& kind, cell_services& services, agent_id self,
                                         std::uint64_t birth)
    : kind_(kind)
    , services_(services)
    , self_(std::move(self))
    , birth_(birth) {}

bool coroutine_behaviour::takes_mail() const {
  auto most = kind_.how == discipline::exclusive ? 1 : kind_.open_tasks_max;
  return tasks_.size() < most;
}

/// Work given to `run` lives in memory only: passivation would begin it again. So do queries.
bool coroutine_behaviour::quiet() const {
  for (const auto& [id, task] : tasks_)
    for (const auto* waiting : task.run->outstanding())
      if (waiting->kind == ask_kind::run || waiting->kind == ask_kind::query)
        return false;
  return true;
}

std::unique_ptr<task_run> coroutine_behaviour::make_run(const std::string& id, envelope message,
                                                        std::uint32_t handler_version, handler start) {
  task_origin origin;
  origin.id = id;
  origin.message = std::move(message);
  origin.handler_version = handler_version;
  origin.interleaved = kind_.how == discipline::interleaved;
  origin.default_deadline = services_.call_deadline();
  return std::make_unique<task_run>(std::move(origin), start, documents_, static_cast<turn_port&>(*this));
}

verdict coroutine_behaviour::on_mail(const mail& m, turn& t, instant now) {
  const auto& e = *m.what;
  bool is_call = e.kind == message_kind::call;
  if (is_call && other_rows_.contains(skip_key(e))) {
    auto key = skip_key(e);
    t.commit.erases.push_back({journal::row_class::call_key, key, false});
    other_rows_.erase(key);
    ++t.commit.skipped;
    event(t, "call_skipped", e, "canceled before it began", now);
    answer(e, outcome::failure("never_begun", "canceled before it began", self_.text()), t, now);
    return {};
  }
  if (is_call && e.deadline <= now) {
    ++t.commit.skipped;
    event(t, "call_skipped", e, "its deadline had passed", now);
    answer(e, outcome::failure("expired", "the call waited past its deadline", self_.text()), t, now);
    return {};
  }
  if (is_call && answered_before(e, t, now))
    return {};
  if (auto* plain = kind_.find_plain(e.type)) {
    plain_run().message() = e;
    return plain_turn(*plain, message_subject(m.at), t, now);
  }
  if (!kind_.find(e.type)) {
    auto note = "kind " + kind_.name + " has no handler \"" + e.type + "\"";
    if (is_call)
      answer(e, outcome::failure("invalid", note, self_.text()), t, now);
    else
      dead_letter(e, dead_letter_reason::unknown_type, note, t, now);
    return {};
  }
  return begin(make_ulid(now, services_.random()), e, m.at, t, now);
}

/// A keyed call that was sent again: the same key stands for the same work.
bool coroutine_behaviour::answered_before(const envelope& e, turn& t, instant now) {
  if (e.attempt == 0)
    return false; // its key is never sent twice
  for (auto& [id, open] : tasks_) {
    const auto& first = open.run->origin().message;
    if (first.call_key != e.call_key || !(first.from == e.from))
      continue;
    event(t, "call_attached", e, "the same key is being answered by task " + id, now);
    return true;
  }
  auto found = other_rows_.find(answered_key(e));
  if (found == other_rows_.end())
    return false;
  auto row = decode_answered_call(found->second);
  if (!row || row->arguments != stable_hash(e.type + '\x1f' + e.body)) {
    answer(e, outcome::failure("key_conflict", "this call key stands for other arguments", self_.text()), t,
           now);
    return true;
  }
  if (!row->answer.ok)
    return false; // only a failed attempt runs again
  event(t, "call_repeated", e, "answered from its key", now);
  answer(e, row->answer, t, now);
  return true;
}

verdict coroutine_behaviour::begin(std::string id, envelope message, stream_position begun_by, turn& t,
                                   instant now) {
  open_task task;
  task.begun_by = begun_by;
  task.begun = now;
  auto* start = kind_.find(message.type);
  task.run = make_run(id, std::move(message), kind_.version, *start);
  auto at = tasks_.emplace(std::move(id), std::move(task)).first;
  return go_on(at, start_run(at, now), "", t, now);
}

turn_result coroutine_behaviour::start_run(task_map::iterator at, instant now) {
  auto& run = *at->second.run;
  serving_ = &run.origin().message;
  running_turn guard(services_, self_, crash_subject(at->first, at->second, ""));
  fault_point("turn.before_handler");
  auto came = run.start(now);
  fault_point("turn.after_handler");
  return came;
}

verdict coroutine_behaviour::go_on(task_map::iterator at, turn_result came, const std::string& resolved_by,
                                   turn& t, instant now) {
  using state = turn_result::state;
  auto& [id, task] = *at;
  bool first = !task.stored;
  if (came.ended == state::crashed || came.ended == state::diverged) {
    documents_.roll_back();
    auto how = came.ended == state::crashed ? verdict::how::crashed : verdict::how::diverged;
    return verdict(how, crash_subject(id, task, resolved_by), came.problem);
  }
  const auto& message = task.run->origin().message;
  if (came.ended == state::failed) {
    documents_.roll_back();
    write_canceled(id, task, came.canceled, t, now);
    event(t, "task_failed", message, came.reply.kind + ": " + came.reply.message, now);
    if (message.kind == message_kind::call)
      answer(message, came.reply, t, now);
    else if (!message.told || task.stored)
      dead_letter(message, dead_letter_reason::effect_failed, came.reply.kind + ": " + came.reply.message, t,
                  now, task.stored);
    close(at, t);
    return {};
  }
  write_outputs(id, task, came, t, now);
  write_documents(id, task, came.ended == state::suspended, t);
  if (came.ended == state::suspended && stays_in_memory(task, t)) {
    task.unstored_bytes += came.record.answer.body.size();
    task.unstored.push_back(std::move(came.record));
    return {};
  }
  if (came.ended == state::suspended) {
    write_suspended(id, task, came.record, t);
    return {};
  }
  if (came.ended == state::finished) {
    if (!message.told || task.stored)
      event(t, first ? "applied" : "task_ended", message, "", now);
    if (message.kind == message_kind::call)
      answer(message, came.reply, t, now);
    close(at, t);
    return {};
  }
  auto next = message;
  next.body = std::move(came.continue_with);
  auto begun_by = task.begun_by;
  close(at, t);
  open_task following;
  following.begun_by = begun_by;
  following.begun = now;
  following.started = false;
  auto next_id = make_ulid(now, services_.random());
  following.run = make_run(next_id, next, kind_.version, *kind_.find(next.type));
  auto opened = tasks_.emplace(next_id, std::move(following)).first;
  task_row row{opened->second.run->origin().message, kind_.version, now, begun_by};
  t.commit.puts.push_back({journal::row_class::task, next_id, 1, encode(row), never});
  opened->second.stored = true;
  return {};
}

verdict coroutine_behaviour::on_settled(const std::string& task, const std::string& settled_effect_id,
                                        const outcome& answer, turn& t, instant now) {
  auto effect = settled_effect_id; // may lie in the ask that resuming ends
  auto at = tasks_.find(task);
  if (at == tasks_.end() || !at->second.run->waits_for(effect))
    return {}; // canceled or timed out meanwhile
  if (poisoned(task_subject(task, effect)))
    return verdict(verdict::how::crashed, task_subject(task, effect),
                   "a fatal signal ended the process three times");
  auto* waiting = at->second.run->find(effect);
  if (waiting->kind == ask_kind::outside)
    t.commit.effect_clears.push_back(task + '/' + effect);
  serving_ = &at->second.run->origin().message;
  auto came = [&] {
    running_turn guard(services_, self_, crash_subject(task, at->second, effect));
    fault_point("turn.before_resume");
    return at->second.run->resume(effect, answer, now);
  }();
  fault_point("turn.after_resume");
  return go_on(at, std::move(came), effect, t, now);
}

verdict coroutine_behaviour::on_cancel(const envelope& e, std::uint64_t mail_mark, turn& t, instant now) {
  for (auto at = tasks_.begin(); at != tasks_.end(); ++at) {
    const auto& message = at->second.run->origin().message;
    if (message.call_key != e.call_key || !(message.from == e.from))
      continue;
    event(t, "task_canceled", message, "by its caller", now);
    serving_ = &message;
    auto came = [&] {
      running_turn guard(services_, self_, task_subject(at->first, "cancel"));
      return at->second.run->cancel("by its caller", now);
    }();
    return go_on(at, std::move(came), "cancel", t, now);
  }
  bool taken = mail_mark == all_taken || (e.call_number != 0 && e.call_number <= mail_mark);
  if (taken) {
    ++t.commit.skipped;
    event(t, "cancel_skipped", e, "the call had ended", now);
    return {};
  }
  auto key = skip_key(e);
  other_rows_[key] = "";
  t.commit.puts.push_back({journal::row_class::call_key, key, 1, "", now + answer_kept});
  return {};
}

verdict coroutine_behaviour::on_signal(const mail& m, turn& t, instant now) {
  const auto& e = *m.what;
  for (auto at = tasks_.begin(); at != tasks_.end(); ++at)
    for (const auto* waiting : at->second.run->outstanding())
      if (waiting->kind == ask_kind::signal && waiting->target == e.type && waiting->type == e.correlation)
        return on_settled(at->first, waiting->effect, outcome::success(e.body), t, now);
  if (signals_.size() >= limits::signals_stored_max) {
    dead_letter(e, dead_letter_reason::overloaded, "1,000 signals wait already", t, now);
    return {};
  }
  auto key = row_keys::signal(e.type, e.correlation, next_signal_++);
  auto expires = later(now, milliseconds(limits::signal_time_to_live));
  signals_[key] = stored_signal{e.type, e.correlation, m.bytes, expires};
  t.commit.puts.push_back({journal::row_class::signal, key, 1, m.bytes, expires});
  return {};
}

const coroutine_behaviour::stored_signal* coroutine_behaviour::signal_for(const ask& waiting) const {
  auto first = signals_.lower_bound(row_keys::signal(waiting.target, waiting.type, 0));
  bool matches = first != signals_.end() && first->second.name == waiting.target &&
                 first->second.correlation == waiting.type;
  return matches ? &first->second : nullptr;
}

verdict coroutine_behaviour::take_signal(task_map::iterator at, const std::string& effect, turn& t,
                                         instant now) {
  auto* waiting = at->second.run->find(effect);
  auto found = signals_.lower_bound(row_keys::signal(waiting->target, waiting->type, 0));
  t.commit.erases.push_back({journal::row_class::signal, found->first, false});
  auto e = decode_envelope(found->second.bytes);
  signals_.erase(found);
  auto body = e ? outcome::success(std::move(e->body)) : outcome::failure("invalid", e.error().message);
  return on_settled(at->first, effect, std::move(body), t, now);
}

/// A signal no wait took in time becomes a dead letter: its sender's message was applied when it was stored.
bool coroutine_behaviour::expire_signal(turn& t, instant now) {
  auto old = std::find_if(signals_.begin(), signals_.end(),
                          [&](const auto& entry) { return entry.second.expires <= now; });
  if (old == signals_.end())
    return false;
  t.commit.erases.push_back({journal::row_class::signal, old->first, false});
  if (auto e = decode_envelope(old->second.bytes))
    dead_letter(*e, dead_letter_reason::signal_unclaimed, "no wait took it in a week", t, now, true);
  signals_.erase(old);
  return true;
}

instant coroutine_behaviour::next_due() const { return first_due(false); }

/// Nobody needs to wake the agent for what lives in its memory only.
instant coroutine_behaviour::wake_at() const { return first_due(true); }

instant coroutine_behaviour::first_due(bool stored_only) const {
  auto due = never;
  for (const auto& [name, timer] : timers_)
    due = std::min(due, timer.due);
  for (const auto& [key, signal] : signals_)
    due = std::min(due, signal.expires);
  for (const auto& [id, task] : tasks_) {
    if (!task.started || (!signals_.empty() && waits_for_stored_signal(*task.run)))
      return instant{};
    if (task.stored || !stored_only)
      due = std::min(due, task.run->next_due());
  }
  return due;
}

bool coroutine_behaviour::waits_for_stored_signal(const task_run& run) const {
  auto waiting = run.outstanding();
  return std::any_of(waiting.begin(), waiting.end(),
                     [this](const ask* w) { return w->kind == ask_kind::signal && signal_for(*w); });
}

verdict coroutine_behaviour::on_due(turn& t, instant now) {
  for (auto at = tasks_.begin(); at != tasks_.end(); ++at) {
    auto& task = at->second;
    if (!task.started) {
      task.started = true;
      return go_on(at, start_run(at, now), "", t, now);
    }
    for (const auto* waiting : task.run->outstanding()) {
      if (waiting->kind == ask_kind::signal && signal_for(*waiting))
        return take_signal(at, waiting->effect, t, now);
      if (waiting->due <= now)
        return effect_due(at, *waiting, t, now);
    }
  }
  for (const auto& [name, timer] : timers_)
    if (timer.due <= now) {
      fire_timer(std::string(name), t, now);
      return {};
    }
  expire_signal(t, now);
  return {};
}

verdict coroutine_behaviour::effect_due(task_map::iterator at, const ask& waiting, turn& t, instant now) {
  auto late = waiting;
  if (late.kind == ask_kind::timer)
    return on_settled(at->first, late.effect, outcome::success(""), t, now);
  write_canceled(at->first, at->second, {late}, t, now);
  auto why =
      "no " + std::string(late.kind == ask_kind::signal ? "signal" : "answer") + " within the deadline";
  return on_settled(at->first, late.effect,
                    outcome::failure("timeout", why, late.to.empty() ? "" : late.to.text()), t, now);
}

void coroutine_behaviour::fire_timer(const std::string& name, turn& t, instant now) {
  auto timer = timers_.extract(name).mapped();
  t.commit.erases.push_back({journal::row_class::timer, name, false});
  envelope nobody;
  put_outbox(from_here(message_kind::timer, self_, timer.type, timer.body, nobody, now), t);
}

void coroutine_behaviour::end_poisoned(const std::string& subject, const mail* m, const std::string& problem,
                                       turn& t, instant now) {
  auto told = outcome::failure("agent.crashed", "its handler crashed three times: " + problem, self_.text());
  if (m) {
    std::erase_if(tasks_, [&](auto& entry) { return !entry.second.stored; });
    dead_letter(*m->what, dead_letter_reason::crashed, problem, t, now);
    if (m->what->kind == message_kind::call)
      answer(*m->what, told, t, now);
    return;
  }
  for (auto at = tasks_.begin(); at != tasks_.end(); ++at) {
    if (!subject.starts_with("t/" + at->first))
      continue;
    auto message = at->second.run->origin().message;
    std::vector<ask> open;
    for (const auto* waiting : at->second.run->outstanding())
      open.push_back(*waiting);
    write_canceled(at->first, at->second, open, t, now);
    event(t, "task_poisoned", message, problem, now);
    dead_letter(message, dead_letter_reason::crashed, problem, t, now, true);
    if (message.kind == message_kind::call)
      answer(message, told, t, now);
    close(at, t);
    return;
  }
}

void coroutine_behaviour::abandon(const std::string& kind, const std::string& why, turn& t, instant now) {
  while (!tasks_.empty()) {
    auto at = tasks_.begin();
    auto message = at->second.run->origin().message;
    std::vector<ask> open;
    for (const auto* waiting : at->second.run->outstanding())
      open.push_back(*waiting);
    write_canceled(at->first, at->second, open, t, now);
    event(t, "task_abandoned", message, why, now);
    if (message.kind == message_kind::call)
      answer(message, outcome::failure(kind, why, self_.text()), t, now);
    else if (at->second.stored)
      dead_letter(message, dead_letter_reason::abandoned, why, t, now, true);
    close(at, t);
  }
}

void coroutine_behaviour::numbered(const turn::call_sent& call, std::uint64_t number) {
  auto at = tasks_.find(call.task);
  if (at == tasks_.end())
    return;
  if (auto* waiting = at->second.run->find(call.effect))
    waiting->call_number = number;
}

std::string coroutine_behaviour::refuses(const agent_id& to) {
  auto* kind = services_.find_kind(to.kind());
  auto most = kind ? kind->mailbox_max : 1000;
  bool full =
      services_.pending_count(birth_, to.addr()) >= most ||
      services_.pending_count(birth_) >= services_.sender_pending_max(); // guards memory, not fairness
  return full ? "overloaded" : "";
}

std::string coroutine_behaviour::refuses_call(const agent_id& to, instant) {
  auto circle = closes_a_circle(to);
  return circle.empty() ? refuses(to) : circle;
}

std::string coroutine_behaviour::closes_a_circle(const agent_id& to) const {
  auto* kind = services_.find_kind(to.kind());
  bool waits_in_line = !kind || kind->how != discipline::interleaved;
  const auto& chain = serving_->chain;
  if (chain.size() >= limits::call_chain_max)
    return "call_chain_too_long";
  bool in_chain = to == self_ || std::find(chain.begin(), chain.end(), to) != chain.end();
  return in_chain && waits_in_line ? "call_cycle" : "";
}

std::string coroutine_behaviour::refuses_timer(const std::string& name) {
  return timers_.size() >= limits::timers_max && !timers_.contains(name) ? "overloaded" : "";
}

} // namespace troupe
