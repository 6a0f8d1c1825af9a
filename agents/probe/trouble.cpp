// Kinds for what goes wrong in a life: long suspensions, calls that time out, signals and cancels before
// their mail, cycles, poison, code that is upgraded under open tasks. The outside oracle drives them.
#include "runtime/agent/kind.hpp"
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "runtime/task/effect_error.hpp"

#include <csignal>
#include <nlohmann/json.hpp>

namespace troupe::probe {
namespace {

void add(context& ctx, const std::string& key, std::int64_t amount) {
  auto held = ctx.get(key);
  ctx.put(key, (held.is_null() ? 0 : held.get<std::int64_t>()) + amount);
}

/// {source, seq, n}: sources count 1, 2, 3 … and begin again in a new life. Which orders came, and that each
/// came once, shows in their number, their sum and the sum of their squares.
task<json> tally(context& ctx, json order) {
  auto key = "from/" + order.at("source").get<std::string>();
  auto seq = order.at("seq").get<std::int64_t>();
  auto held = ctx.get(key);
  auto last = held.is_null() ? 0 : held.get<std::int64_t>();
  if (seq != last + 1 && seq != 1)
    ctx.put("violation", object("source", order.at("source"), "after", last, "got", seq));
  ctx.put(key, seq);
  auto n = order.at("n").get<std::int64_t>();
  add(ctx, "count", 1);
  add(ctx, "sum", n);
  add(ctx, "squares", n * n);
  co_return seq;
}

/// {n}: lives for a few moments only; the tally hears of each order, and with which number of this life.
task<json> flit(context& ctx, json order) {
  add(ctx, "seq", 1);
  ctx.send("probe.tally/mayflies", "tally",
           object("source", ctx.self().key(), "seq", ctx.get("seq"), "n", order.at("n")));
  co_return ctx.get("seq");
}

/// {to, n}: an order for a mayfly from somebody who lives on.
task<json> nudge(context& ctx, json order) {
  ctx.send("probe.mayfly/" + order.at("to").get<std::string>(), "flit", object("n", order.at("n")));
  co_return json();
}

/// {ms, times}: many short sleeps, so that crashes find it in a turn that a timer resumed.
task<json> nap(context& ctx, json order) {
  auto times = order.at("times").get<int>();
  for (int i = 0; i < times; ++i) {
    co_await ctx.sleep(milliseconds(order.at("ms").get<int>()));
    add(ctx, "steps", 1);
  }
  add(ctx, "done", 1);
  co_return times;
}

/// {n, ms}: counts who ended, not who began: a call that was canceled and made again must end once.
task<json> serve_slowly(context& ctx, json order) {
  co_await ctx.sleep(milliseconds(order.at("ms").get<int>()));
  add(ctx, "ended", 1);
  co_return order.at("n");
}

/// {n, at}: asks somebody slow under one key until the answer is there, a little longer each time.
task<json> insist(context& ctx, json order) {
  auto n = std::to_string(order.at("n").get<std::int64_t>());
  for (int attempt = 1; attempt <= 40; ++attempt) {
    call_options how;
    how.keyed("order-" + n).within(milliseconds(40 * attempt));
    auto told = co_await ctx.try_call("probe.slow/" + order.at("at").get<std::string>(), "serve",
                                      object("n", order.at("n"), "ms", 90), how);
    if (!told)
      continue;
    add(ctx, "served", 1);
    add(ctx, "attempts", attempt);
    co_return attempt;
  }
  add(ctx, "given_up", 1);
  co_return 0;
}

/// {n, to}: the signal for which `await` waits, now or later.
task<json> beckon(context& ctx, json order) {
  auto n = std::to_string(order.at("n").get<std::int64_t>());
  ctx.signal("probe.waiter/" + order.at("to").get<std::string>(), "go", n, order.at("n"));
  co_return json();
}

task<json> await_signal(context& ctx, json order) {
  auto n = std::to_string(order.at("n").get<std::int64_t>());
  auto got = co_await ctx.wait_signal("go", n);
  if (got != order.at("n"))
    ctx.put("violation", object("waited", order.at("n"), "got", got));
  add(ctx, "got", 1);
  co_return got;
}

/// Three agents that call each other in a ring: the call that closes it must fail at once.
task<json> spin(context& ctx, json order) {
  auto next = std::to_string((std::stoi(ctx.self().key()) + 1) % 3);
  call_options how;
  how.within(milliseconds(3'000));
  auto told = co_await ctx.try_call("probe.ring/" + next, "spin", order, how);
  std::string ended = told ? told->get<std::string>() : told.error().kind;
  add(ctx, "ended/" + ended, 1);
  co_return ended;
}

/// {how: throw | segv, later}: crashes whenever it is tried, in its first turn or in one a timer resumed.
task<json> explode(context& ctx, json order) {
  if (order.at("later").get<bool>())
    co_await ctx.sleep(milliseconds(5));
  add(ctx, "survived", 1);
  if (order.at("how").get<std::string>() == "segv")
    std::raise(SIGSEGV);
  throw std::runtime_error("poison");
}

task<json> count(context& ctx, json) {
  add(ctx, "counted", 1);
  co_return json();
}

/// As this build knows it, and as the next one will: with one step more, for tasks that begin there.
task<json> walk(context& ctx, json order) {
  for (int i = 0; i < 10; ++i)
    co_await ctx.sleep(milliseconds(order.at("ms").get<int>()));
  add(ctx, "done", 1);
  co_return json();
}

task<json> walk_further(context& ctx, json order) {
  auto further = ctx.version("one step more", 1) >= 1;
  for (int i = 0; i < 10; ++i)
    co_await ctx.sleep(milliseconds(order.at("ms").get<int>()));
  if (further) {
    co_await ctx.sleep(milliseconds(1));
    add(ctx, "further", 1);
  }
  add(ctx, "done", 1);
  co_return json();
}

const register_kind tallies(kind("probe.tally").on("tally", tally));
const register_kind mayfly(kind("probe.mayfly").kept(milliseconds(150)).on("flit", flit));
const register_kind sleeper(kind("probe.sleeper").on("nap", nap));
const register_kind slow(kind("probe.slow").on("serve", serve_slowly));
const register_kind patient(kind("probe.patient").on("insist", insist));
const register_kind caller(kind("probe.caller").on("beckon", beckon).on("nudge", nudge));
const register_kind waiter(kind("probe.waiter").on("await", await_signal).on("touch", count));
const register_kind ring(kind("probe.ring").on("spin", spin));
const register_kind bomb(kind("probe.bomb").on("explode", explode).on("count", count));
const register_kind upgraded(kind("probe.upgraded").on("walk", walk));
const register_kind upgraded_next(kind("probe.upgraded-next").versions(1, 2).on("walk", walk_further));

} // namespace
} // namespace troupe::probe
