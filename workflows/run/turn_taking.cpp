#include "workflows/run/turn_taking.hpp"

#include "workflows/run/scope.hpp"
#include "workflows/run/wire.hpp"

#include <array>

namespace troupe::workflow {
namespace {

std::string word(on_conflict rule) {
  static constexpr std::array words = {"join", "queue", "reject", "cancel_running"};
  return words[static_cast<std::size_t>(rule)];
}

/// KEY may be any text; an address has room for some of it.
result<agent_id> lock_of(const run_record& run) {
  return agent_id::make(run.tenant, "workflow.lock", run.workflow + '/' + run.lock);
}

void settle_as(const std::string& holder, const outcome& answer, engine& on) {
  const auto message = "the run " + holder + " of the same concurrency key " +
                       (answer.kind == "canceled" ? "was canceled" : "failed: " + answer.message);
  if (answer.ok) {
    auto output = from_text(answer.body);
    return on.end_without_body(ending::completed(output ? *output : value()));
  }
  auto how =
      answer.kind == "canceled" ? ending::canceled() : ending::failed({answer.kind, message, answer.agent});
  on.end_without_body(std::move(how));
}

void refused(const std::string& how, const std::string& holder, engine& on) {
  auto& run = on.run();
  run.lock.clear();
  const auto to = agent_id::make(run.tenant, "workflow", holder);
  if (how == "join" && to) {
    run.joined = holder;
    return on.ask(run_joined, *to, "start", value::object({{"workflow", value::text(run.workflow)}}));
  }
  ending ended = ending::canceled();
  ended.error = {"canceled", "the run " + holder + " of the same concurrency key came after it", {}};
  if (how != "canceled") {
    ended.state = run_state::rejected;
    ended.error = {"rejected", "the run " + holder + " of the same concurrency key lives", {}};
    if (how == "full")
      ended.error.message = "too many runs of the same concurrency key wait already";
  }
  on.end_without_body(std::move(ended));
}

} // namespace

result<bool> ask_for_turn(engine& on) {
  auto& run = on.run();
  const auto& rule = run.definition->concurrency;
  if (rule.key.absent())
    return false;
  static const step nowhere;
  instance at;
  at.what = &nowhere;
  const auto key = rule.key.evaluate(run_scope(run, at));
  if (!key)
    return fail(fault::invalid, "the concurrency key: " + key.error().message);
  run.lock = key->is(expression::value_kind::text) ? key->as_text() : to_text(*key);
  const auto lock = lock_of(run);
  if (run.lock.empty() || !lock) {
    run.lock.clear();
    return fail(fault::invalid, "the concurrency key: " + (lock ? "it is empty" : lock.error().message));
  }
  on.ask(lock_asked, *lock, "acquire",
         value::object({{"run", value::text(run.id)}, {"on_conflict", value::text(word(rule.then))}}));
  return true;
}

bool turn_answered(const std::string& command, const outcome& answer, engine& on) {
  auto& run = on.run();
  if (std::erase(run.waits, command) == 0 || is_over(run.state))
    return false;
  if (command == run_joined) {
    settle_as(run.joined, answer, on);
    return false;
  }
  const auto said = from_text(answer.ok ? answer.body : "null");
  if (!said || said->is_null()) {
    run.lock.clear();
    on.end_without_body(ending::failed({answer.kind, "the lock: " + answer.message, answer.agent}));
    return false;
  }
  if (flag_in(*said, "granted"))
    return true;
  refused(text_in(*said, "how"), text_in(*said, "holder"), on);
  return false;
}

void give_turn_back(run_record& run, std::vector<fold_command>& commands) {
  if (run.lock.empty() || !is_over(run.state))
    return;
  if (const auto lock = lock_of(run)) {
    fold_command c;
    c.what = fold_command::kind::send;
    c.to = *lock;
    c.type = "release";
    c.body = to_text(value::object({{"run", value::text(run.id)}}));
    commands.push_back(std::move(c));
  }
  run.lock.clear();
}

} // namespace troupe::workflow
