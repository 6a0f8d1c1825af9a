// Plain handlers, which end in the turn they begin in, and ephemeral messages: what is told, and queries.
#include "runtime/agent/coroutine_behaviour.hpp"

#include "runtime/agent/crash_row.hpp"
#include "runtime/base/fault_point.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"

namespace troupe {
namespace {

/// Turns of a task that has only asked and told so far: beyond them its journal begins, and a turn costs a
/// commit. Each is some hundred bytes of memory.
constexpr std::size_t unstored_turns_max = 2'000;

void serve(const told& what, envelope& e) {
  e = envelope();
  e.kind = what.query.empty() ? message_kind::message : message_kind::call;
  e.from = what.from;
  e.to = what.to;
  e.sent = what.sent;
  e.trace = what.trace;
  e.principal = what.principal;
  e.call_key = what.query;
  e.deadline = what.deadline;
  e.chain = what.chain;
  e.told = true;
}

} // namespace

verdict coroutine_behaviour::on_told(const told& what, std::size_t at, turn& t, instant now) {
  const auto& item = what.items[at];
  if (at == 0)
    plain_run_serves_told_ = false;
  if (what.deadline <= now)
    return {}; // its asker has been told so by its own clock
  if (auto* plain = kind_.find_plain(item.type)) {
    auto& e = plain_run().message();
    if (!plain_run_serves_told_ || !e.told)
      serve(what, e);
    plain_run_serves_told_ = true; // the rest of what one turn told shares it
    e.type = item.type;
    e.body = item.body;
    return plain_turn(*plain, told_subject, t, now);
  }
  envelope e;
  serve(what, e);
  if (!kind_.find(item.type)) {
    services_.told_in_vain(1);
    if (!what.query.empty())
      answer(e,
             outcome::failure("invalid", "kind " + kind_.name + " has no handler \"" + item.type + "\"",
                              self_.text()),
             t, now);
    return {};
  }
  e.id = make_ulid(now, services_.random());
  e.type = item.type;
  e.body = item.body;
  return begin(make_ulid(now, services_.random()), std::move(e), stream_position(), t, now);
}

verdict coroutine_behaviour::plain_turn(plain_handler plain, const std::string& subject, turn& t,
                                        instant now) {
  const auto& e = plain_run_->origin().message;
  auto came = run_plain(plain, subject, now);
  if (came.ended == turn_result::state::crashed) {
    documents_.roll_back();
    return verdict(verdict::how::crashed, subject, came.problem);
  }
  if (came.ended == turn_result::state::failed) {
    documents_.roll_back();
    auto why = came.reply.kind + ": " + came.reply.message;
    event(t, "task_failed", e, why, now);
    if (e.kind != message_kind::call && !e.told)
      dead_letter(e, dead_letter_reason::effect_failed, why, t, now);
  } else {
    write_sent(e, came, t, now);
    write_documents(t);
    if (!e.told)
      event(t, "applied", e, "", now);
  }
  if (e.kind == message_kind::call)
    answer(e, came.reply, t, now);
  return {};
}

turn_result coroutine_behaviour::run_plain(plain_handler plain, const std::string& subject, instant now) {
  serving_ = &plain_run_->origin().message;
  running_turn guard(services_, self_, subject);
  fault_point("turn.before_handler");
  auto came = plain_run_->react(plain, now);
  fault_point("turn.after_handler");
  return came;
}

task_run& coroutine_behaviour::plain_run() {
  if (!plain_run_)
    plain_run_ = make_run(make_ulid(instant{}, services_.random()), envelope(), kind_.version, nullptr);
  return *plain_run_;
}

void coroutine_behaviour::tell(std::vector<told>& tells, const envelope& because, turn& t, instant now) {
  for (auto& one : tells) {
    one.from = self_;
    one.sent = now;
    one.trace = because.trace.empty() ? make_ulid(now, services_.random()) : because.trace;
    one.principal = because.principal;
    t.after.push_back(tell_agent{std::move(one)});
  }
}

void coroutine_behaviour::ask_agent(const std::string& id, const open_task& task, const ask& query, turn& t,
                                    instant now) {
  const auto& because = task.run->origin().message;
  std::vector<told> question(1);
  auto& what = question.front();
  what.to = query.to;
  what.items.push_back({query.type, query.body});
  what.query = query_name(id, query.effect);
  what.deadline = query.due;
  what.chain = because.chain;
  what.chain.push_back(self_);
  tell(question, because, t, now);
}

std::string coroutine_behaviour::refuses_query(const agent_id& to) { return closes_a_circle(to); }

/// A task that was told to begin, and has only told and asked since, is as ephemeral as what began it. Its
/// turns are kept, for the moment when it does something that must last.
bool coroutine_behaviour::stays_in_memory(const open_task& task, const turn& t) const {
  return !task.stored && task.run->origin().message.told && t.commit.empty() &&
         task.run->waits_for_queries_only() && task.unstored.size() < unstored_turns_max &&
         task.unstored_bytes < limits::envelope_bytes_max;
}

} // namespace troupe
