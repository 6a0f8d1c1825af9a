// The half of task_run that compares a task with its journal.
#include "runtime/task/task_run.hpp"

#include "config/result.hpp"
#include "runtime/base/hash.hpp"

namespace troupe {
namespace {

constexpr const char* nothing_further = "no further effect in this turn";

std::string describe(const std::string& verb, const std::string& target, const std::string& effect,
                     std::uint64_t arguments) {
  return verb + (target.empty() ? "" : " ") + target + " (effect " + effect + ", arguments #" +
         std::to_string(arguments % 1'000'000) + ")";
}

bool same(const ask& a, const ask& b) {
  return a.effect == b.effect && a.verb == b.verb && a.target == b.target && a.arguments == b.arguments;
}

} // namespace

turn_result task_run::replay(const turn_record& recorded) {
  begin_turn(recorded.time, &recorded);
  turn_.record.resumed_by = recorded.resumed_by;
  turn_.record.answer = recorded.answer;
  turn_.record.canceled = recorded.canceled;
  turn_.record.cancel_reason = recorded.cancel_reason;
  if (recorded.canceled) {
    cancel_below(*fibers_.front());
  } else if (!recorded.resumed_by.empty()) {
    if (waits_for(recorded.resumed_by))
      settle(recorded.resumed_by, recorded.answer);
    else
      diverge("nothing for effect " + recorded.resumed_by, "an answer to it");
  }
  return run_until_blocked();
}

void task_run::check_against_journal(ask& asked) {
  if (!expected_)
    return;
  auto now_asks = [&] { return describe(asked.verb, asked.target, asked.effect, asked.arguments); };
  if (expected_asks_ == expected_->asked.size())
    return diverge(now_asks(), nothing_further);
  const auto& held = expected_->asked[expected_asks_++];
  if (!same(asked, held))
    return diverge(now_asks(), describe(held.verb, held.target, held.effect, held.arguments));
  // What was chosen when it was asked stands, whatever the settings are today.
  asked.due = held.due;
  asked.call_key = held.call_key;
  asked.attempt = held.attempt;
  asked.call_number = held.call_number;
}

std::optional<outcome> task_run::refused_call(const ask& call) {
  auto refused_before = [&] {
    return expected_notes_ < expected_->noted.size() &&
           expected_->noted[expected_notes_].effect == call.effect;
  };
  if (expected_ && !refused_before())
    return std::nullopt;
  std::string kind;
  if (!expected_)
    kind =
        call.kind == ask_kind::query ? port_.refuses_query(call.to) : port_.refuses_call(call.to, call.due);
  if (!expected_ && kind.empty())
    return std::nullopt;
  return note_effect(call.effect, call.verb, call.target, call.arguments, [&] {
    return outcome::failure(kind, call.verb + " " + call.target + " was refused: " + kind, call.to.text());
  });
}

outcome task_run::note_now(const std::string& verb, const std::string& target, const std::string& arguments,
                           const std::function<outcome()>& decide) {
  if (++effects_ > limits::task_effects_max)
    throw effect_failed("task_too_long", "a task has at most 10,000 effects; go on with continue_with");
  return note_effect(current_->next_effect(), verb, target, stable_hash(arguments), decide);
}

void task_run::note_done(const std::string& verb, const std::string& target, const std::string& arguments) {
  note_now(verb, target, arguments, [] { return outcome::success(""); });
}

outcome task_run::note_effect(const std::string& effect, const std::string& verb, const std::string& target,
                              std::uint64_t arguments, const std::function<outcome()>& decide) {
  note made;
  made.effect = effect;
  made.verb = verb;
  made.target = target;
  made.arguments = arguments;
  if (!expected_) {
    made.result = decide();
    turn_.record.noted.push_back(made);
    return made.result;
  }
  auto now_asks = [&] { return describe(verb, target, effect, arguments); };
  if (expected_notes_ == expected_->noted.size()) {
    diverge(now_asks(), nothing_further);
    return outcome::failure("nondeterministic_task", turn_.problem);
  }
  const auto& held = expected_->noted[expected_notes_++];
  if (held.effect != effect || held.verb != verb || held.target != target || held.arguments != arguments)
    diverge(now_asks(), describe(held.verb, held.target, held.effect, held.arguments));
  turn_.record.noted.push_back(held);
  return held.result;
}

std::uint32_t task_run::version_of(const std::string& change, std::uint32_t newest) {
  if (auto known = versions_.find(change); known != versions_.end())
    return known->second;
  auto effect = "version:" + change;
  bool held = expected_ && expected_notes_ < expected_->noted.size() &&
              expected_->noted[expected_notes_].effect == effect;
  std::uint32_t chosen = 0; // a journal without the note was written before the change existed
  if (!expected_ || held) {
    auto noted =
        note_effect(effect, "version", change, 0, [&] { return outcome::success(std::to_string(newest)); });
    chosen = static_cast<std::uint32_t>(std::stoul(noted.body));
  }
  return versions_[change] = chosen;
}

void task_run::check_all_asked() {
  if (turn_.ended == turn_result::state::crashed)
    return; // counted as a crash, in a replay as anywhere
  if (expected_asks_ < expected_->asked.size()) {
    const auto& held = expected_->asked[expected_asks_];
    return diverge(nothing_further, describe(held.verb, held.target, held.effect, held.arguments));
  }
  if (expected_notes_ < expected_->noted.size()) {
    const auto& held = expected_->noted[expected_notes_];
    return diverge(nothing_further, describe(held.verb, held.target, held.effect, held.arguments));
  }
  if (turn_.ended != turn_result::state::suspended)
    diverge("nothing: the handler ended", "a task that goes on after this turn");
}

void task_run::diverge(const std::string& now_asks, const std::string& journal_holds) {
  if (diverged())
    return; // what follows the first difference is its consequence
  turn_.ended = turn_result::state::diverged;
  turn_.problem = "the handler now asks for " + now_asks + "; its journal holds " + journal_holds;
}

} // namespace troupe
