// Kinds that make a broken promise visible in their own state: the simulator and the outside oracle drive
// them, and `troupe bench` may.
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "runtime/task/join.hpp"

#include <nlohmann/json.hpp>

namespace troupe::probe {
namespace {

std::int64_t number(context& ctx, const std::string& key) {
  auto held = ctx.get(key);
  return held.is_null() ? 0 : held.get<std::int64_t>();
}

/// {source, seq}: every source counts 1, 2, 3 …; anything else is written down as a violation.
task<json> note(context& ctx, json message) {
  auto key = "from/" + message.at("source").get<std::string>();
  auto expected = number(ctx, key) + 1;
  auto seq = message.at("seq").get<std::int64_t>();
  if (seq != expected)
    ctx.put("violation", object("source", message.at("source"), "expected", expected, "got", seq));
  ctx.put(key, seq);
  co_return seq;
}

/// {receiver, seq}: passes an outside message on, with a sequence of its own for that receiver.
task<json> forward(context& ctx, json order) {
  auto receiver = order.at("receiver").get<std::string>();
  auto seq = number(ctx, "sent/" + receiver) + 1;
  ctx.put("sent/" + receiver, seq);
  ctx.send("probe.ledger/" + receiver, "note", object("source", ctx.self().key(), "seq", seq));
  co_return seq;
}

/// {to, amount}: the money leaves with the message and arrives with it.
task<json> pay(context& ctx, json order) {
  auto amount = order.at("amount").get<std::int64_t>();
  ctx.put("cash", number(ctx, "cash") - amount);
  ctx.send("probe.account/" + order.at("to").get<std::string>(), "receive", object("amount", amount));
  co_return amount;
}

task<json> receive(context& ctx, json payment) {
  ctx.put("cash", number(ctx, "cash") + payment.at("amount").get<std::int64_t>());
  co_return number(ctx, "cash");
}

task<json> slow_part(context& ctx, std::int64_t ms) {
  co_await ctx.sleep(milliseconds(ms));
  co_return ms;
}

task<json> outside_part(context& ctx, json order) {
  auto answer = co_await ctx.outside("bank.wire", "bank", order);
  co_return answer;
}

/// Waits on an effect, a timer, a race, a join and a call, counting as it goes: a replay that forgets or
/// repeats a step shows in `steps`.
task<json> work(context& ctx, json order) {
  ctx.put("steps", number(ctx, "steps") + 1);
  auto wired = co_await ctx.outside("bank.wire", "bank", order);
  ctx.put("steps", number(ctx, "steps") + 1);
  auto wait = static_cast<std::int64_t>(ctx.random() % 50);
  auto race = when_any(ctx, tasks(slow_part(ctx, wait), slow_part(ctx, 25)));
  auto first = co_await race;
  auto both = when_all(ctx, tasks(outside_part(ctx, order), slow_part(ctx, 5)));
  co_await both;
  ctx.put("steps", number(ctx, "steps") + 1);
  auto told = co_await ctx.try_call("probe.ledger/calls-" + ctx.self().key(), "note_next",
                                    object("source", ctx.self().key()));
  ctx.put("done", number(ctx, "done") + 1);
  co_return object("first", first.index, "told", told.has_value(), "wired", wired);
}

task<json> note_next(context& ctx, json) {
  ctx.put("calls", number(ctx, "calls") + 1);
  co_return number(ctx, "calls");
}

/// Crashes twice, then works: the third try must find nothing of the first two.
task<json> stumble(context& ctx, json order) {
  ctx.put("steps", number(ctx, "steps") + 1);
  if (order.at("poison").get<bool>())
    throw std::runtime_error("poison");
  co_return number(ctx, "steps");
}

/// An interleaved service: adds on behalf of many open tasks at once.
task<json> serve(context& ctx, json order) {
  ctx.put("begun", number(ctx, "begun") + 1);
  co_await ctx.sleep(milliseconds(order.at("ms").get<int>()));
  ctx.put("served", number(ctx, "served") + 1);
  co_return number(ctx, "served");
}

const register_kind ledger(kind("probe.ledger").on("note", note).on("note_next", note_next));
const register_kind source(kind("probe.source").on("forward", forward));
const register_kind account(kind("probe.account").on("pay", pay).on("receive", receive));
const register_kind worker(kind("probe.worker").on("work", work));
const register_kind fragile(kind("probe.fragile").on("stumble", stumble));
const register_kind service(kind("probe.service").interleaved().on("serve", serve));

} // namespace
} // namespace troupe::probe
