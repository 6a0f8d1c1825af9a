// Calls on their way out: at most one attempt per key, the next only once the one before has been answered.
#include "runtime/agent/coroutine_behaviour.hpp"

#include <algorithm>

namespace troupe {
namespace {

constexpr milliseconds answer_kept{limits::call_answer_kept};

/// The row that stands while an attempt nobody waits for any more is unanswered.
std::string unanswered_key(const std::string& call_key) { return "out\x1f" + call_key; }

bool has_own_key(const std::string& task, const ask& call) {
  return call.call_key != task + '/' + call.effect;
}

} // namespace

void coroutine_behaviour::make_call(const std::string& id, const open_task& task, const ask& call, turn& t,
                                    instant now) {
  if (calls_out_.contains(call.call_key) || other_rows_.contains(unanswered_key(call.call_key))) {
    held_calls_[call.call_key].push_back({id, call.effect});
    return;
  }
  send_call(id, task, call, t, now);
}

void coroutine_behaviour::send_call(const std::string& id, const open_task& task, const ask& call, turn& t,
                                    instant now) {
  const auto& because = task.run->origin().message;
  auto e = from_here(message_kind::call, call.to, call.type, call.body, because, now);
  e.call_key = call.call_key;
  e.attempt = has_own_key(id, call) ? call.attempt : 0; // 0: this key is never used again
  e.deadline = call.due;
  e.chain = because.chain;
  e.chain.push_back(self_);
  e.once = because.once;
  t.calls.push_back({t.commit.outbox.size(), id, call.effect});
  calls_out_[call.call_key] = {id, call.effect};
  put_outbox(e, t);
}

/// Nobody waits for the call any more. One that has left is canceled, and its answer still awaited if its key
/// may be used again; one that was held back never existed for anybody else.
void coroutine_behaviour::cancel_call(const std::string& id, const open_task& task, const ask& call, turn& t,
                                      instant now) {
  const calling own{id, call.effect};
  if (auto held = held_calls_.find(call.call_key); held != held_calls_.end()) {
    auto before = held->second.size();
    std::erase(held->second, own);
    if (held->second.size() != before)
      return;
  }
  calls_out_.erase(call.call_key);
  if (has_own_key(id, call)) {
    auto key = unanswered_key(call.call_key);
    other_rows_[key] = "";
    t.commit.puts.push_back({journal::row_class::call_key, key, 1, "", now + answer_kept});
  }
  auto e = from_here(message_kind::cancel, call.to, call.type, "", task.run->origin().message, now);
  e.call_key = call.call_key;
  e.attempt = has_own_key(id, call) ? call.attempt : 0;
  e.call_number = call.call_number;
  put_outbox(e, t);
}

verdict coroutine_behaviour::on_reply(const envelope& e, turn& t, instant now) {
  if (other_rows_.erase(unanswered_key(e.call_key)) > 0) {
    t.commit.erases.push_back({journal::row_class::call_key, unanswered_key(e.call_key), false});
    return on_late_reply(e, t, now);
  }
  auto found = calls_out_.find(e.call_key);
  auto at = found == calls_out_.end() ? tasks_.end() : tasks_.find(found->second.task);
  if (at == tasks_.end() || !at->second.run->waits_for(found->second.effect)) {
    skip_reply(e, t, now);
    return {};
  }
  auto effect = found->second.effect;
  calls_out_.erase(found);
  release_held(e.call_key, t, now);
  return on_settled(at->first, effect, e.answer, t, now);
}

/// The answer to an attempt that was given up. A result is the result, also of the attempt that waits for it;
/// after anything else that attempt leaves now.
verdict coroutine_behaviour::on_late_reply(const envelope& e, turn& t, instant now) {
  auto held = held_calls_.find(e.call_key);
  if (held == held_calls_.end() || held->second.empty()) {
    skip_reply(e, t, now);
    return {};
  }
  if (!e.answer.ok) {
    event(t, "call_repeated", e, e.answer.kind, now);
    release_held(e.call_key, t, now);
    return {};
  }
  auto first = held->second.front();
  held->second.erase(held->second.begin());
  release_held(e.call_key, t, now);
  return on_settled(first.task, first.effect, e.answer, t, now);
}

void coroutine_behaviour::skip_reply(const envelope& e, turn& t, instant now) {
  ++t.commit.skipped;
  event(t, "reply_skipped", e, "nobody waits for it any more", now);
}

/// The next attempt under the key leaves.
void coroutine_behaviour::release_held(const std::string& call_key, turn& t, instant now) {
  auto held = held_calls_.find(call_key);
  if (held == held_calls_.end())
    return;
  auto waiting = std::move(held->second);
  held_calls_.erase(held);
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    auto at = tasks_.find(waiting[i].task);
    auto* call = at == tasks_.end() ? nullptr : at->second.run->find(waiting[i].effect);
    if (!call)
      continue;
    send_call(at->first, at->second, *call, t, now);
    if (i + 1 < waiting.size())
      held_calls_[call_key].assign(waiting.begin() + static_cast<std::ptrdiff_t>(i) + 1, waiting.end());
    return;
  }
}

/// After an activation: which of the calls that a task waits for have left. Those of a lower attempt left
/// first.
void coroutine_behaviour::find_call_again(const std::string& id, const ask& call) {
  const calling own{id, call.effect};
  auto out = calls_out_.find(call.call_key);
  if (other_rows_.contains(unanswered_key(call.call_key)) || out != calls_out_.end())
    held_calls_[call.call_key].push_back(own);
  else
    calls_out_[call.call_key] = own;
}

} // namespace troupe
