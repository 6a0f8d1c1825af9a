// What happens to the mail of agents that do not run: stopped, failed, or of a kind or version this build
// lacks.
#include "runtime/agent/agent_cell.hpp"

#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"

namespace troupe {
namespace {

constexpr milliseconds kept{limits::stopped_mail_time_to_live};

} // namespace

/// Calls are told at once. Other mail waits: a stopped agent may be restarted, a kind may come with the next
/// build.
bool agent_cell::step_shell(instant now) {
  if (step_shell_control(now) || refuse_all_told("the agent does not run"))
    return true;
  auto* m = mailbox_.head(lane::mail);
  if (!m)
    return false;
  bool is_call = m->what && m->what->kind == message_kind::call;
  if (!is_call && !is_given_up(*m, now))
    return false;
  auto t = new_turn();
  mark(t, *m);
  if (is_call)
    tell_unavailable(*m->what, t, now);
  else if (m->at.sender_birth != 0)
    dead_letter_unread(*m, t, now);
  conclude(std::move(t), verdict(), m, now);
  return !over_;
}

/// Nobody of a stopped agent waits for replies, and cancels have nothing to cancel. A failed one still has
/// its tasks: what is for them waits with them.
bool agent_cell::step_shell_control(instant now) {
  auto* m = mailbox_.head(lane::control);
  bool for_nobody = m && found_.status == journal::agent_status::stopped && m->what &&
                    (m->what->kind == message_kind::reply || m->what->kind == message_kind::cancel);
  if (!for_nobody)
    return false;
  auto t = new_turn();
  mark(t, *m);
  ++t.commit.skipped;
  auto kind = m->what->kind == message_kind::reply ? "reply_skipped" : "cancel_skipped";
  t.commit.events.push_back({kind, "{\"note\":\"the agent is stopped\"}", m->what->trace, now});
  conclude(std::move(t), verdict(), m, now);
  return !over_;
}

/// The oldest mail of a stopped or failed agent, once it is too old or more has come than is kept in memory.
bool agent_cell::is_given_up(const mail& m, instant now) const {
  if (!refused_.empty())
    return false;
  bool too_many = mailbox_.depth(lane::mail) >= options_.queue.messages;
  return too_many || !m.what || later(m.what->sent, kept) <= now;
}

instant agent_cell::shell_due() const {
  const auto& waiting = mailbox_.queued(lane::mail);
  if (!refused_.empty() || waiting.empty() || !waiting.front().what)
    return never;
  return later(waiting.front().what->sent, kept);
}

void agent_cell::tell_unavailable(const envelope& call, turn& t, instant now) {
  ++t.commit.skipped;
  envelope e;
  e.kind = message_kind::reply;
  e.id = make_ulid(now, services_.random());
  e.from = found_.id;
  e.to = call.from;
  e.type = call.type;
  e.sent = now;
  e.trace = call.trace;
  e.call_key = call.call_key;
  e.attempt = call.attempt;
  auto why = refused_.empty() ? found_.reason : refused_;
  e.answer = outcome::failure("unavailable", "the agent does not run: " + why, found_.id.text());
  t.commit.outbox.push_back({e.to, lane::control, encode(e)});
  t.commit.events.push_back({"call_skipped", "{\"note\":\"the agent does not run\"}", e.trace, now});
}

void agent_cell::dead_letter_unread(const mail& m, turn& t, instant now) {
  bool stopped = found_.status == journal::agent_status::stopped;
  journal::dead_letter letter;
  letter.id = make_ulid(now, services_.random());
  letter.reason = std::string(stopped ? dead_letter_reason::stopped : dead_letter_reason::failed);
  letter.note = "the agent does not run: " + found_.reason;
  letter.envelope = m.bytes;
  letter.to = found_.id;
  if (m.what)
    letter.from = m.what->from;
  letter.at = now;
  t.commit.dead_letters.push_back(std::move(letter));
  t.commit.events.push_back({"dead_lettered", "{}", m.what ? m.what->trace : "", now});
}

} // namespace troupe
