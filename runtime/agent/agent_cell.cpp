#include "runtime/agent/agent_cell.hpp"

#include "runtime/agent/coroutine_behaviour.hpp"
#include "runtime/agent/crash_row.hpp"
#include "runtime/agent/fold_behaviour.hpp"
#include "runtime/base/fault_point.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"

#include <algorithm>

namespace troupe {
namespace {

constexpr const char* ended_the_process = "a fatal signal ended the process in it, three times";

std::unique_ptr<behaviour> make_behaviour(const kind_spec& kind, cell_services& services,
                                          const journal::loaded_agent& found) {
  if (kind.how == discipline::fold)
    return std::make_unique<fold_behaviour>(kind, services, found.id, found.birth);
  return std::make_unique<coroutine_behaviour>(kind, services, found.id, found.birth);
}

std::string subject_of(const mail& m);

/// Messages, and the signals and cancels of folds ("s/…", "x/…"), are consumed with the crash that ends them;
/// what resumes a task is not.
bool ends_with_its_message(const std::string& subject, const mail& m) {
  return subject == subject_of(m) || subject.starts_with("s/") || subject.starts_with("x/");
}

std::string subject_of(const mail& m) {
  return "m/" + std::to_string(m.at.sender_birth) + '/' + std::to_string(m.at.number);
}

} // namespace

agent_cell::agent_cell(const kind_spec* kind, cell_services& services, journal::loaded_agent found,
                       options how)
    : kind_(kind)
    , services_(services)
    , found_(std::move(found))
    , options_(how)
    , mailbox_(how.queue, found_.births) {
  if (kind_ && kind_->kept)
    options_.kept = *kind_->kept;
  stored_due_ = found_.next_due;
}

agent_cell::~agent_cell() = default;

void agent_cell::begin(instant now) {
  for (const auto& row : found_.rows)
    if (row.cls == journal::row_class::crash)
      crashes_[row.key] = decode_crash(row.body).count;
  if (!kind_) {
    refused_ = "no kind \"" + found_.id.kind() + "\" on this node";
    return;
  }
  if (found_.status != journal::agent_status::active)
    return;
  behaviour_ = make_behaviour(*kind_, services_, found_);
  behaviour_->know_crashes(&crashes_);
  auto loaded = behaviour_->load(found_, now);
  if (!loaded) {
    refused_ = loaded.error().message;
    behaviour_.reset();
    return;
  }
  if (loaded->went == verdict::how::crashed)
    return crashed(*loaded, nullptr, now);
  if (loaded->went == verdict::how::diverged)
    return fail_agent("nondeterministic_task: " + loaded->problem, now);
  behaviour_->rearm(found_, actions_, settled_);
  found_.rows.clear();
  found_.effects.clear();
}

turn agent_cell::new_turn() const {
  turn t;
  t.commit.id = found_.id;
  t.commit.birth = found_.birth;
  t.commit.epoch = found_.epoch;
  return t;
}

bool agent_cell::work(instant now, std::size_t turns_max) {
  last_now_ = std::max(last_now_, now);
  bool more = true;
  for (std::size_t i = 0; i < turns_max && more && !over_; ++i)
    more = step(last_now_);
  if (over_)
    return false;
  while (auto on = mailbox_.refill_wanted())
    actions_.push_back(read_pending{*on, mailbox_.refill_after(*on)});
  return more;
}

bool agent_cell::step(instant now) {
  if (frozen_ || in_flight_.size() >= options_.turns_in_flight_max)
    return false;
  if (!behaviour_)
    return step_shell(now);
  return step_control(now) || step_settled(now) || step_due(now) || step_mail(now) || step_told(now) ||
         step_retire(now);
}

bool agent_cell::step_control(instant now) {
  auto* m = mailbox_.head(lane::control);
  if (!m)
    return false;
  auto t = new_turn();
  mark(t, *m);
  verdict went;
  if (m->what)
    handle_control(*m, t, now, went);
  if (over_)
    return false;
  conclude(std::move(t), went, m, now);
  return !over_;
}

void agent_cell::handle_control(const mail& m, turn& t, instant now, verdict& went) {
  const auto& e = *m.what;
  switch (e.kind) {
  case message_kind::reply:
    went = behaviour_->on_reply(e, t, now);
    break;
  case message_kind::cancel:
    went = behaviour_->on_cancel(e, taken_from(m), t, now);
    break;
  case message_kind::signal:
    went = behaviour_->on_signal(m, t, now);
    break;
  default:
    ++t.commit.skipped;
  }
}

/// The highest mail number known to be taken from the stream of a cancel's sender. The call it names was
/// durable before it: if the mailbox holds all that is pending and not that call, everything has been taken.
std::uint64_t agent_cell::taken_from(const mail& cancel) const {
  const auto& queue = mailbox_.queued(lane::mail);
  auto is_its_call = [&](const mail& m) {
    return m.at.sender_birth == cancel.at.sender_birth && m.what && m.what->call_key == cancel.what->call_key;
  };
  if (mailbox_.knows_all(lane::mail) && std::none_of(queue.begin(), queue.end(), is_its_call))
    return behaviour::all_taken;
  auto seen = mail_marks_.find(cancel.at.sender_birth);
  return seen == mail_marks_.end() ? 0 : seen->second;
}

bool agent_cell::step_settled(instant now) {
  if (settled_.empty())
    return false;
  auto ended = settled_.take_front();
  auto t = new_turn();
  auto went = behaviour_->on_settled(ended.task, ended.effect, ended.answer, t, now);
  conclude(std::move(t), went, nullptr, now);
  return true;
}

bool agent_cell::step_due(instant now) {
  if (!behaviour_->has_due(now))
    return false;
  auto t = new_turn();
  auto went = behaviour_->on_due(t, now);
  conclude(std::move(t), went, nullptr, now);
  return true;
}

bool agent_cell::step_mail(instant now) {
  auto* m = mailbox_.head(lane::mail);
  if (!m || !behaviour_->takes_mail())
    return false;
  if (crash_count(subject_of(*m)) >= limits::poison_crashes_max) {
    crashed(verdict(verdict::how::crashed, subject_of(*m), ended_the_process), m, now);
    return false;
  }
  auto t = new_turn();
  mark(t, *m);
  verdict went;
  if (m->what) {
    went = behaviour_->on_mail(*m, t, now);
  } else {
    journal::dead_letter letter;
    letter.id = make_ulid(now, services_.random());
    letter.reason = std::string(dead_letter_reason::unreadable);
    letter.note = m->what.error().message;
    letter.envelope = m->bytes;
    letter.to = found_.id;
    letter.at = now;
    t.commit.dead_letters.push_back(std::move(letter));
  }
  conclude(std::move(t), went, m, now);
  return !over_;
}

void agent_cell::mark(turn& t, const mail& m) {
  if (m.at.sender_birth == 0)
    return;
  t.commit.marks.push_back({m.at.sender_birth, m.at.on, m.at.number - 1, m.at.number});
}

void agent_cell::conclude(turn t, const verdict& went, const mail* m, instant now) {
  if (went.went == verdict::how::diverged)
    return fail_agent("nondeterministic_task: " + went.problem, now);
  if (went.went == verdict::how::crashed)
    return crashed(went, m, now);
  if (m) {
    auto subject = subject_of(*m);
    if (crashes_.erase(subject) > 0)
      t.commit.erases.push_back({journal::row_class::crash, subject, false});
    if (!t.commit.marks.empty())
      t.commit.applied = t.commit.skipped == 0 && t.commit.dead_letters.empty() ? 1 : 0;
    if (m->at.on == lane::mail && m->at.sender_birth != 0)
      mail_marks_[m->at.sender_birth] = m->at.number;
    mailbox_.pop(m->at.on);
  }
  submit(std::move(t), now);
}

/// The turn is thrown away. Its count commits before anything runs again; the third ends what crashed.
void agent_cell::crashed(const verdict& went, const mail* m, instant now) {
  auto t = new_turn();
  bool comes_again = went.subject != told_subject;
  auto count = comes_again ? crash_count(went.subject) + 1 : 1;
  poisoned_ = count >= limits::poison_crashes_max;
  bool first_turn = m && ends_with_its_message(went.subject, *m);
  if (poisoned_) {
    if (first_turn)
      mark(t, *m);
    behaviour_->end_poisoned(went.subject, first_turn ? m : nullptr, went.problem, t, now);
    t.commit.erases.push_back({journal::row_class::crash, went.subject, false});
  } else if (comes_again) {
    t.commit.puts.push_back(
        {journal::row_class::crash, went.subject, 1, encode(crash_row{count, went.problem, 0}), never});
  }
  t.commit.events.push_back({"crashed", crash_detail(went.subject, count, went.problem), "", now});
  submit(std::move(t), now);
  end(cell_over::how::crashed, went.problem);
}

void agent_cell::fail_agent(const std::string& reason, instant now) {
  auto t = new_turn();
  t.commit.status = journal::agent_status::failed;
  t.commit.reason = reason;
  t.commit.events.push_back({"agent_failed", crash_detail("", 0, reason), "", now});
  found_.status = journal::agent_status::failed;
  found_.reason = reason;
  behaviour_.reset();
  submit(std::move(t), now);
}

void agent_cell::submit(turn t, instant now) {
  ++turns_;
  note_due(t, now);
  if (t.commit.empty()) {
    auto& gate = in_flight_.empty() ? actions_ : in_flight_.back().after;
    std::move(t.after.begin(), t.after.end(), std::back_inserter(gate));
    return;
  }
  flight f;
  f.number = next_turn_++;
  f.calls = std::move(t.calls);
  f.then = std::move(t.then);
  auto& gate = options_.unsafe_open_gate ? actions_ : f.after;
  std::move(t.after.begin(), t.after.end(), std::back_inserter(gate));
  actions_.push_back(commit_turn{f.number, std::move(t.commit)});
  in_flight_.push_back(std::move(f));
}

/// The stored due time may be too early (a needless look), never too late. Where agents are kept for a while
/// only it is that time, too, and then it may not be much too early: an agent that was busy would be purged.
void agent_cell::note_due(turn& t, instant now) {
  auto due = behaviour_ ? behaviour_->wake_at() : never;
  auto slack = milliseconds::max();
  if (retires()) {
    slack = options_.kept / 8 + milliseconds(1);
    due = later(now, options_.kept + slack);
  }
  if (due == stored_due_ || (due > stored_due_ && stored_due_ > now && due - stored_due_ <= slack))
    return;
  t.commit.next_due = due;
  stored_due_ = due;
}

/// Has it nothing open, so that only its state would be lost with it?
bool agent_cell::retires() const {
  return options_.kept.count() > 0 && behaviour_ && !behaviour_->waiting() && behaviour_->next_due() == never;
}

bool agent_cell::step_retire(instant now) {
  bool knows =
      mailbox_.knows_all(lane::mail) && mailbox_.knows_all(lane::control); // has looked into the store
  if (!retires() || stored_due_ > now || !in_flight_.empty() || !nothing_queued() || !knows)
    return false;
  if (!behaviour_->keeps_anything() && services_.pending_count(found_.birth) == 0) {
    end(cell_over::how::retired, "its retention has passed");
    return false;
  }
  stored_due_ = never; // somebody still needs it: another while
  submit(new_turn(), now);
  return true;
}

void agent_cell::committed(std::uint64_t turn_number, const journal::receipt& receipt, instant now) {
  last_now_ = std::max(last_now_, now);
  if (in_flight_.empty() || in_flight_.front().number != turn_number)
    return; // a receipt for a turn that was given up
  if (receipt.status == journal::commit_status::fenced)
    return cut_off(cell_over::how::fenced, receipt.why);
  if (receipt.status == journal::commit_status::failed)
    return cut_off(cell_over::how::store_failed, receipt.why);
  auto f = in_flight_.take_front();
  mailbox_.marks_moved();
  for (const auto& call : f.calls)
    if (behaviour_ && call.row < receipt.numbers.size())
      behaviour_->numbered(call, receipt.numbers[call.row]);
  fault_point("gate.before_release");
  std::move(f.after.begin(), f.after.end(), std::back_inserter(actions_));
  for (auto& settled : f.then)
    settled_.push_back(std::move(settled));
  fault_point("gate.after_release");
  if (in_flight_.empty())
    mailbox_.forget_quiet_streams();
}

void agent_cell::look_again() {
  mailbox_.look_again();
  if (behaviour_ && behaviour_->in_other_hands())
    actions_.push_back(read_effects{});
}

void agent_cell::effects_read(const std::vector<journal::effect_row>& rows) {
  if (behaviour_)
    behaviour_->take_up(rows, actions_, settled_);
}

void agent_cell::effect_settled(std::string task, std::string effect, outcome answer) {
  settled_.push_back({std::move(task), std::move(effect), std::move(answer)});
}

void agent_cell::end(cell_over::how how, std::string problem) {
  if (over_)
    return;
  over_ = true;
  refuse_all_told("its activation has ended");
  actions_.push_back(cell_over{how, std::move(problem), poisoned_});
}

/// None of the turns that follow gets into the journal either. That outweighs whatever had ended it before.
void agent_cell::cut_off(cell_over::how how, std::string problem) {
  in_flight_.clear();
  over_ = false;
  end(how, std::move(problem));
}

std::uint32_t agent_cell::crash_count(const std::string& subject) const {
  auto found = crashes_.find(subject);
  return found == crashes_.end() ? 0 : found->second;
}

instant agent_cell::next_wake() const {
  if (retires())
    return stored_due_;
  if (!behaviour_)
    return shell_due();
  return behaviour_->next_due();
}

} // namespace troupe
