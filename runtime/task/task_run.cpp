#include "runtime/task/task_run.hpp"

#include "config/result.hpp"
#include "runtime/base/hash.hpp"
#include "runtime/base/text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe {
namespace {

constexpr const char* nobody_waits = "nobody waits for this any more";

outcome too_long() {
  return outcome::failure("task_too_long", "a task has at most 10,000 effects; go on with continue_with");
}
outcome too_wide() {
  return outcome::failure("turn_too_wide", "a turn asks for at most 1,024 things; await some of them first");
}
outcome canceled_outcome() { return outcome::failure("canceled", nobody_waits); }
effect_failed canceled_failure() { return effect_failed("canceled", nobody_waits); }

std::size_t index_in(const join_group& group, const fiber& member) {
  auto found = std::find(group.members.begin(), group.members.end(), &member);
  return static_cast<std::size_t>(found - group.members.begin());
}

} // namespace

task_run::task_run(task_origin origin, handler start, document_map& documents, turn_port& port)
    : origin_(std::move(origin))
    , documents_(documents)
    , port_(port)
    , context_(*this)
    , start_(start) {}

task_run::~task_run() = default;

turn_result task_run::start(instant now) {
  begin_turn(now, nullptr);
  return run_until_blocked();
}

turn_result task_run::react(plain_handler plain, instant now) {
  turn_ = turn_result();
  turn_.record.time = now;
  rows_ = effects_ = 0;
  ++turns_;
  if (fibers_.empty())
    fibers_.push_back(std::make_unique<fiber>(*this, "0", nullptr));
  current_ = fibers_.front().get();
  try {
    auto body = read_json(origin_.message.body);
    auto value = plain(context_, body.is_discarded() ? json() : std::move(body));
    turn_.ended = turn_result::state::finished;
    if (origin_.message.kind == message_kind::call) // else nobody hears it
      conclude_value(value);
  } catch (...) {
    conclude_failure(std::current_exception());
  }
  return std::move(turn_);
}

turn_result task_run::resume(const std::string& effect, outcome answer, instant now) {
  begin_turn(now, nullptr);
  turn_.record.resumed_by = effect;
  turn_.record.answer = answer;
  settle(effect, std::move(answer));
  return run_until_blocked();
}

turn_result task_run::cancel(const std::string& reason, instant now) {
  begin_turn(now, nullptr);
  turn_.record.canceled = true;
  turn_.record.cancel_reason = reason;
  cancel_below(*fibers_.front());
  return run_until_blocked();
}

void task_run::begin_turn(instant now, const turn_record* expected) {
  turn_ = turn_result();
  turn_.record.time = now;
  expected_ = expected;
  expected_asks_ = expected_notes_ = 0;
  first_order_ = next_order_;
  rows_ = 0;
  ++turns_;
  if (root_task_)
    return;
  fibers_.push_back(std::make_unique<fiber>(*this, "0", nullptr));
  current_ = fibers_.front().get(); // a handler may be a plain function that picks the coroutine
  auto body = read_json(origin_.message.body);
  root_task_.emplace(start_(context_, body.is_discarded() ? json() : std::move(body)));
  root_task_->start_on(*current_);
  ready_.push_back(current_);
}

turn_result task_run::run_until_blocked() {
  run_ready();
  if (expected_ && !diverged())
    check_all_asked();
  expected_ = nullptr;
  return std::move(turn_);
}

void task_run::run_ready() {
  while (!ready_.empty() && !diverged()) {
    current_ = ready_.front();
    ready_.pop_front();
    while (!current_->done() && !current_->blocked() && !diverged())
      current_->step();
    if (current_->done())
      fiber_ended(*current_);
  }
}

void task_run::ask_for(ask what, std::optional<outcome>& slot) {
  what.effect = current_->next_effect();
  what.at = now();
  if (++effects_ > limits::task_effects_max) {
    slot = too_long();
    return;
  }
  if (current_->take_cancel()) {
    slot = canceled_outcome();
    return;
  }
  if (what.kind == ask_kind::call && what.call_key.empty())
    what.call_key = origin_.id + '/' + what.effect;
  else if (what.kind == ask_kind::call)
    what.attempt = ++attempts_[what.call_key];
  bool to_agent = what.kind == ask_kind::call || what.kind == ask_kind::query;
  if (to_agent && (slot = refused_call(what)))
    return;
  if (++rows_ > limits::turn_effects_max) {
    slot = too_wide();
    return;
  }
  check_against_journal(what);
  current_->block();
  if (diverged())
    return;
  ask recorded = what;
  recorded.work = nullptr;
  turn_.record.asked.push_back(std::move(recorded));
  waiter w;
  w.on = current_;
  w.slot = &slot;
  w.order = next_order_++;
  auto effect = what.effect;
  w.what = std::move(what);
  waiting_.emplace(std::move(effect), std::move(w));
}

void task_run::tell(const agent_id& to, std::string type, std::string body) {
  auto& tells = turn_.tells;
  auto at = std::find_if(tells.rbegin(), tells.rend(), [&](const told& t) { return t.to == to; });
  if (at == tells.rend()) {
    tells.emplace_back().to = to;
    at = tells.rbegin();
  }
  at->items.push_back({std::move(type), std::move(body)});
}

void task_run::count_row() {
  if (++rows_ <= limits::turn_effects_max)
    return;
  auto refused = too_wide();
  throw effect_failed(refused.kind, refused.message);
}

std::uint64_t task_run::next_random() {
  return stable_hash(origin_.id + current_->path(), current_->next_random());
}

void task_run::settle(const std::string& effect, outcome answer) {
  auto found = waiting_.find(effect);
  ensure(found != waiting_.end(), "an answer for an effect nobody waits for");
  *found->second.slot = std::move(answer);
  found->second.on->unblock();
  ready_.push_back(found->second.on);
  waiting_.erase(found);
}

void task_run::cancel_below(fiber& top) {
  mark_canceled(top);
  std::vector<const waiter*> affected;
  for (const auto& [effect, w] : waiting_)
    if (w.on->owes_cancel())
      affected.push_back(&w);
  std::sort(affected.begin(), affected.end(), [](auto* a, auto* b) { return a->order < b->order; });
  for (auto* w : affected) {
    w->on->take_cancel();
    if (w->order < first_order_) // else nobody has heard of it yet
      turn_.canceled.push_back(w->what);
    settle(std::string(w->what.effect), canceled_outcome());
  }
}

/// False when nothing below takes the cancellation: it has ended or is cleaning up after an earlier one.
bool task_run::mark_canceled(fiber& f) {
  if (f.done() || f.canceled())
    return false;
  f.cancel();
  if (auto* group = f.joins(); group && !f.started()) {
    group->results[index_in(*group, f)]->failure = std::make_exception_ptr(canceled_failure());
    f.drop(); // it stands in ready_ and ends when its turn comes
    return true;
  }
  bool taken = false;
  if (auto* group = f.waits_in())
    for (auto* member : group->members)
      taken = mark_canceled(*member) || taken;
  if (!taken)
    f.owe_cancel();
  return true;
}

void task_run::check_join(std::size_t children, bool first_wins) {
  if (current_->take_cancel())
    throw canceled_failure();
  if (first_wins && children == 0)
    throw effect_failed("invalid", "when_any of nothing would wait for ever");
  if (fibers_.size() - 1 + children > limits::task_fibers_max)
    throw effect_failed("invalid", "a task has at most 1,024 branches open at a time");
}

fiber* task_run::open_fiber(join_group& group) {
  fibers_.push_back(std::make_unique<fiber>(*this, current_->next_child(), &group));
  ready_.push_back(fibers_.back().get());
  ++group.running;
  return fibers_.back().get();
}

void task_run::block_on(join_group& group) {
  group.parent = current_;
  if (group.running == 0)
    return;
  current_->wait_in(&group);
  current_->block();
}

void task_run::fiber_ended(fiber& f) {
  if (diverged())
    return;
  auto* group = f.joins();
  if (!group)
    return conclude();
  auto index = index_in(*group, f);
  bool decides = group->first_wins || group->results[index]->failure;
  --group->running;
  if (decides && !group->winner) {
    group->winner = index;
    for (auto* other : group->members)
      cancel_below(*other);
  }
  if (group->running > 0)
    return;
  auto* parent = group->parent; // the group lives in the parent's frame: resuming it may end the group
  parent->wait_in(nullptr);
  parent->unblock();
  ready_.push_back(parent);
  std::erase_if(fibers_, [&](const auto& one) { return one->joins() == group; });
}

void task_run::conclude() {
  if (auto failure = root_task_->promise().failure)
    return conclude_failure(failure);
  if (continue_with_) {
    turn_.ended = turn_result::state::continued;
    turn_.continue_with = std::move(*continue_with_);
    return;
  }
  conclude_value(root_task_->await_resume());
}

void task_run::conclude_value(const json& value) {
  try {
    turn_.reply = outcome::success(value.dump());
    turn_.ended = turn_result::state::finished;
    if (turn_.reply.body.size() > limits::envelope_bytes_max) {
      turn_.reply = outcome::failure("invalid", "the handler's value has more than 1 MiB; keep it as a blob");
      turn_.ended = turn_result::state::failed;
    }
  } catch (const std::exception& e) {
    turn_.ended = turn_result::state::crashed;
    turn_.problem = as_utf8(std::string("the handler's value is no JSON text: ") + e.what());
  }
}

void task_run::conclude_failure(std::exception_ptr why) {
  turn_.ended = turn_result::state::crashed;
  try {
    std::rethrow_exception(why);
  } catch (const effect_failed& e) {
    turn_.ended = turn_result::state::failed;
    turn_.reply = outcome::failure(e.error().kind, e.error().message, e.error().agent);
  } catch (const std::exception& e) {
    turn_.problem = as_utf8(e.what());
  } catch (...) {
    turn_.problem = "an exception that is no std::exception";
  }
}

std::vector<const ask*> task_run::outstanding() const {
  std::vector<const waiter*> all;
  for (const auto& [effect, w] : waiting_)
    all.push_back(&w);
  std::sort(all.begin(), all.end(), [](auto* a, auto* b) { return a->order < b->order; });
  std::vector<const ask*> asks;
  for (auto* w : all)
    asks.push_back(&w->what);
  return asks;
}

ask* task_run::find(const std::string& effect) {
  auto found = waiting_.find(effect);
  return found == waiting_.end() ? nullptr : &found->second.what;
}

instant task_run::next_due() const {
  auto due = never;
  for (const auto& [effect, w] : waiting_)
    due = std::min(due, w.what.due);
  return due;
}

bool task_run::waits_for_any(ask_kind kind) const {
  return std::any_of(waiting_.begin(), waiting_.end(),
                     [&](const auto& entry) { return entry.second.what.kind == kind; });
}

bool task_run::waits_for_queries_only() const {
  return std::all_of(waiting_.begin(), waiting_.end(),
                     [](const auto& entry) { return entry.second.what.kind == ask_kind::query; });
}

} // namespace troupe
