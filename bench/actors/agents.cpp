#include "bench/actors/agents.hpp"

#include "bench/actors/resident.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/system_sources.hpp"
#include "runtime/host/local_node.hpp"
#include "runtime/node/ingress_shard.hpp"
#include "storage/sqlite/open.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

namespace troupe::bench::agents {
namespace {

using clock = std::chrono::steady_clock;

constexpr int window = 256;         // told before the receiver is heard of: mailboxes are bounded
constexpr int queries_a_turn = 500; // then the asker tells itself to go on
constexpr std::chrono::seconds patience{10};

/// What handlers report to the program that measures them, outside all that an agent may do.
struct meter {
  std::uint64_t left = 0; // touched by one agent only
  std::promise<void> done;
};
std::atomic<meter*> measured = nullptr;

json go(context& ctx, json) {
  const auto sink = ctx.address("bench.sink/main");
  for (int i = 1; i < window; ++i)
    ctx.tell(sink, "item", i);
  ctx.tell(sink, "last", window);
  return nullptr;
}

json item(context&, json) {
  auto* m = measured.load(std::memory_order_relaxed);
  if (m->left > 0 && --m->left == 0)
    m->done.set_value();
  return nullptr;
}

json last(context& ctx, json number) {
  item(ctx, std::move(number));
  if (measured.load(std::memory_order_relaxed)->left > 0)
    ctx.tell(ctx.message().from, "go", nullptr);
  return nullptr;
}

json next(context&, json number) { return number.get<int>() + 1; }

task<json> ask(context& ctx, json remaining) {
  const auto whom = ctx.address("bench.answerer/main");
  const auto now = std::min(remaining.get<int>(), queries_a_turn);
  for (int i = 0; i < now; ++i)
    co_await ctx.query(whom, "next", i, patience);
  if (remaining.get<int>() > now)
    ctx.tell(ctx.self(), "ask", remaining.get<int>() - now);
  else
    measured.load()->done.set_value();
  co_return nullptr;
}

kind_registry kinds() {
  kind_registry all;
  for (const auto& k : {kind("bench.source").on("go", go).without_history(),
                        kind("bench.sink").on("item", item).on("last", last).without_history(),
                        kind("bench.asker").on("ask", ask).without_history(),
                        kind("bench.answerer").on("next", next).without_history()})
    ensure(all.add(k.spec()).has_value(), "the benchmark's kinds can be registered");
  return all;
}

class node {
public:
  explicit node(const folder& in, milliseconds passivate_after = std::chrono::hours(1)) {
    std::filesystem::remove_all(in);
    storage::sqlite_options where;
    where.directory = in;
    where.warn = [](const std::string& what) { std::fprintf(stderr, "bench_actors: %s\n", what.c_str()); };
    auto opened = storage::open_sqlite(where);
    ensure(opened.has_value(), "the benchmark's store opens");
    store_ = std::move(*opened);
    node_options how;
    how.scheduler_threads = std::max(2u, std::thread::hardware_concurrency());
    how.passivate_after = passivate_after;
    how.sweep_every = milliseconds(200);
    how.active_agents_max = 10'000'000;
    how.recorder_file = (in / "flight.bin").string();
    auto started = local_node::start(how, kinds(), *store_, clock_, random_, {});
    ensure(started.has_value(), "the benchmark's node starts");
    node_ = std::move(*started);
  }

  void activate(const std::string& name) { activate_all(name, 0, 0); }

  /// `name` and a number each; returns once all run.
  void activate_all(const std::string& name, std::size_t from, std::size_t to) {
    std::promise<void> all;
    std::atomic<std::size_t> left = std::max<std::size_t>(1, to - from);
    const auto ready = [&](result<agent_view> view) {
      ensure(view.has_value(), "an agent of the benchmark is activated");
      if (--left == 0)
        all.set_value();
    };
    if (from == to)
      node_->spawn(*agent_id::parse(name), ready);
    for (auto i = from; i < to; ++i)
      node_->spawn(*agent_id::parse(name + std::to_string(i)), ready);
    all.get_future().wait();
  }

  void tell(const std::string& to, const std::string& type, const json& body) {
    told what;
    what.to = *agent_id::parse(to);
    what.items.push_back({type, body.dump()});
    node_->tell(std::move(what));
  }

  /// Passivation tells nobody: a look now and then.
  void wait_until_all_rest() {
    while (active() > ingress_shard::shards) {
      std::promise<void> never_kept;
      never_kept.get_future().wait_for(std::chrono::milliseconds(50));
    }
  }

private:
  std::size_t active() {
    std::promise<std::size_t> told;
    node_->node([&](result<node_view> view) { told.set_value(view->active_agents); });
    return told.get_future().get();
  }

  system_clock_source clock_;
  system_random_source random_;
  std::unique_ptr<journal::store> store_;
  std::unique_ptr<local_node> node_;
};

double per_second(std::uint64_t count, clock::time_point since) {
  return static_cast<double>(count) / std::chrono::duration<double>(clock::now() - since).count();
}

} // namespace

double tells_per_second(const folder& in, std::size_t senders, std::uint64_t each) {
  node on(in);
  on.activate("bench.sink/main");
  on.activate_all("bench.source/", 0, senders);
  meter m;
  m.left = senders * each;
  measured = &m;
  const auto begun = clock::now();
  for (std::size_t i = 0; i < senders; ++i)
    on.tell("bench.source/" + std::to_string(i), "go", nullptr);
  m.done.get_future().wait();
  return per_second(senders * each, begun);
}

double asks_per_second(const folder& in, std::uint64_t queries) {
  node on(in);
  on.activate("bench.answerer/main");
  on.activate("bench.asker/main");
  meter m;
  measured = &m;
  const auto begun = clock::now();
  on.tell("bench.asker/main", "ask", queries);
  m.done.get_future().wait();
  return per_second(queries, begun);
}

crowd idle(const folder& in, std::size_t count) {
  node on(in);
  on.activate_all("bench.sink/warm-", 0, count / 4); // caches and buffers reach their size
  const auto before = resident_bytes();
  const auto begun = clock::now();
  on.activate_all("bench.sink/", 0, count);
  crowd came;
  came.activated_per_second = per_second(count, begun);
  came.bytes_each = (resident_bytes() - before) / static_cast<double>(count);
  return came;
}

crowd passive(const folder& in, std::size_t count) {
  node on(in, milliseconds(0));
  on.activate_all("bench.sink/warm-", 0, count / 4);
  on.wait_until_all_rest();
  const auto before = resident_bytes();
  const auto begun = clock::now();
  on.activate_all("bench.sink/", 0, count);
  crowd came;
  came.activated_per_second = per_second(count, begun);
  on.wait_until_all_rest();
  came.bytes_each = (resident_bytes() - before) / static_cast<double>(count);
  return came;
}

} // namespace troupe::bench::agents
