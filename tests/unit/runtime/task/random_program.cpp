#include "tests/unit/runtime/task/random_program.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/base/object.hpp"
#include "runtime/task/join.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace troupe::test {
namespace {

constexpr std::uint64_t deepest = 6; // two per level of joins

/// Where a program goes next: a state into which everything it learns is folded.
class way {
public:
  way(std::uint64_t seed, std::uint64_t depth)
      : state_(seed)
      , depth_(depth) {}
  std::uint64_t below(std::uint64_t limit) {
    state_ = stable_hash("step", state_);
    return state_ % limit;
  }
  void learn(const json& seen) { state_ = stable_hash(seen.dump(), state_); }
  way below_here() { return way(below(UINT64_MAX), depth_ + 1); }
  bool may_branch() const { return depth_ < deepest; }

private:
  std::uint64_t state_;
  std::uint64_t depth_;
};

std::string someone(way& w) {
  constexpr std::array names{"desk/a", "desk/b", "desk/full", "desk/loop"};
  return names[w.below(names.size())];
}

std::string document(way& w) { return "document " + std::to_string(w.below(3)); }

task<json> walk(context& ctx, way w);

/// Things that never suspend.
json at_once(context& ctx, way& w) {
  switch (w.below(9)) {
  case 0:
    return ctx.send(someone(w), "note", w.below(100));
  case 1:
    return ctx.get(document(w));
  case 2:
    ctx.put(document(w), w.below(100));
    return "put";
  case 3:
    ctx.erase(document(w));
    return "erased";
  case 4:
    return ctx.random();
  case 5:
    return ctx.uuid();
  case 6:
    return to_ms(ctx.now());
  case 7:
    return ctx.version("change " + std::to_string(w.below(3)), 7);
  default:
    ctx.tell(someone(w), "progress", w.below(100));
    ctx.signal(someone(w), "ready", "case", w.below(100));
    ctx.set_timer("nightly", ctx.now(), "tick", w.below(100));
    ctx.emit("walked", w.below(100));
    return "said";
  }
}

task<json> tries(context& ctx, way w) {
  auto got = co_await ctx.try_call(someone(w), "ask", w.below(100));
  co_return got ? *got : json(got.error().kind);
}

task<json> one_effect(context& ctx, way w) {
  auto nothing = [] { return json(); };
  switch (w.below(6)) {
  case 0:
    co_await ctx.sleep(milliseconds(w.below(1'000)));
    co_return "slept";
  case 1:
    co_return co_await ctx.call(someone(w), "ask", w.below(100));
  case 2:
    co_return co_await ctx.wait_signal("go", std::to_string(w.below(3)), milliseconds(9));
  case 3:
    co_return co_await ctx.outside("http.request", "host", w.below(100));
  case 4:
    co_return co_await ctx.run("work", nothing);
  default:
    co_return co_await tries(ctx, w);
  }
}

/// Catches what fails within, then awaits something to clean up.
task<json> catches(context& ctx, way w) {
  json seen;
  std::string why = "nothing";
  try {
    seen = co_await walk(ctx, w.below_here());
  } catch (const effect_failed& e) {
    why = e.kind();
  }
  auto after = co_await ctx.try_call("desk/cleanup", "undo", json(why));
  co_return object("seen", seen, "why", why, "undone", after.has_value());
}

std::vector<task<json>> branches(context& ctx, way& w) {
  std::vector<task<json>> all;
  for (auto left = 1 + w.below(3); left > 0; --left)
    all.push_back(w.below(2) == 0 ? walk(ctx, w.below_here()) : catches(ctx, w.below_here()));
  return all;
}

task<json> joins(context& ctx, way w) {
  if (w.below(2) == 0) {
    auto all = when_all(ctx, branches(ctx, w));
    auto values = co_await all;
    co_return json(values);
  }
  auto any = when_any(ctx, branches(ctx, w));
  auto first = co_await any;
  co_return object("winner", first.index, "value", first.value);
}

[[noreturn]] void gives_up(way& w) {
  if (w.below(4) == 0)
    throw std::runtime_error("a crash of its own");
  throw effect_failed("invalid", "a failure of its own");
}

task<json> step(context& ctx, way w) {
  const auto what = w.below(24);
  if (what < 6)
    co_return at_once(ctx, w);
  if (what < 13 || !w.may_branch())
    co_return co_await one_effect(ctx, w);
  if (what < 16)
    co_return co_await catches(ctx, w);
  if (what == 16)
    gives_up(w);
  co_return co_await joins(ctx, w);
}

task<json> walk(context& ctx, way w) {
  json trace = json::array();
  for (auto left = 1 + w.below(6); left > 0; --left) {
    json seen = co_await step(ctx, w.below_here());
    w.learn(seen);
    trace.push_back(std::move(seen));
  }
  co_return trace;
}

} // namespace

task<json> random_program(context& ctx, json seed) {
  co_return co_await walk(ctx, way(seed.get<std::uint64_t>(), 0));
}

} // namespace troupe::test
