#include "bench/journal/load.hpp"

#include "storage/sqlite/open.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <future>

namespace troupe::bench {
namespace {

using clock = std::chrono::steady_clock;
using namespace journal;

constexpr std::size_t message_bytes = 200;

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "bench_journal: %s\n", why.c_str());
  std::exit(1);
}

/// Everything runs on the writer's thread, from answer to answer, once `begin` has started it.
class closed_loop {
public:
  closed_loop(store& on, turn_kind kind, std::size_t agents, std::chrono::milliseconds how_long)
      : on_(on)
      , kind_(kind)
      , busy_(agents)
      , end_(clock::now() + how_long)
      , body_(message_bytes, 'x') {
    // New agents each time: their streams begin at one.
    const std::string run = std::to_string(clock::now().time_since_epoch().count());
    for (std::size_t i = 0; i < agents; ++i)
      agents_.push_back({claim(on, "bench/" + run + "-" + std::to_string(i)), 0, {}});
  }

  load_result run() {
    const auto begun = clock::now();
    for (member& m : agents_)
      next(m);
    done_.get_future().wait();
    const std::chrono::duration<double> taken = clock::now() - begun;
    const auto turns = static_cast<double>(taken_.size());
    return {turns / taken.count(), latencies(std::move(taken_))};
  }

private:
  struct member {
    loaded_agent agent;
    std::uint64_t sent = 0;
    clock::time_point begun;
  };

  void next(member& m) {
    turn_commit t = turn_of(m);
    m.begun = clock::now();
    on_.commit(std::move(t), [this, &m](receipt r) {
      if (r.status != commit_status::durable)
        give_up("a turn was refused: " + r.why);
      taken_.push_back(clock::now() - m.begun);
      if (clock::now() < end_)
        next(m);
      else if (--busy_ == 0)
        done_.set_value();
    });
  }

  turn_commit turn_of(member& m) const {
    turn_commit t;
    t.id = m.agent.id;
    t.birth = m.agent.birth;
    t.epoch = m.agent.epoch;
    if (kind_ != turn_kind::document) {
      if (m.sent > 0) {
        t.marks = {{m.agent.birth, lane::mail, m.sent - 1, m.sent}};
        t.applied = 1;
      }
      ++m.sent;
      t.outbox = {{m.agent.id, lane::mail, body_}};
    }
    if (kind_ != turn_kind::tell)
      t.puts = {{row_class::document, "state", 1, body_, never}};
    if (kind_ == turn_kind::full)
      t.events = {{"message_applied", R"({"type":"next"})", "trace", from_ms(1)}};
    return t;
  }

  store& on_;
  turn_kind kind_;
  std::atomic<std::size_t> busy_;
  clock::time_point end_;
  std::string body_;
  std::deque<member> agents_;
  std::vector<micros> taken_;
  std::promise<void> done_;
};

} // namespace

fresh_store::fresh_store(std::filesystem::path folder)
    : folder_(std::move(folder)) {
  std::filesystem::remove_all(folder_);
  open();
}

fresh_store::~fresh_store() {
  store_.reset();
  std::filesystem::remove_all(folder_);
}

void fresh_store::open() {
  storage::sqlite_options options;
  options.directory = folder_;
  options.warn = [](const std::string& what) { std::fprintf(stderr, "bench_journal: %s\n", what.c_str()); };
  auto opened = storage::open_sqlite(options);
  if (!opened)
    give_up(opened.error().message);
  store_ = std::move(*opened);
}

load_result run_load(store& on, turn_kind kind, std::size_t agents, std::chrono::milliseconds how_long) {
  return closed_loop(on, kind, agents, how_long).run();
}

loaded_agent claim(store& on, const std::string& name) {
  std::promise<result<loaded_agent>> answer;
  on.claim(*agent_id::parse(name), true, [&](result<loaded_agent> r) { answer.set_value(std::move(r)); });
  auto found = answer.get_future().get();
  if (!found)
    give_up(found.error().message);
  return std::move(*found);
}

void add_passive_agents(store& on, std::size_t count) {
  constexpr std::size_t at_a_time = 10'000;
  const std::string body(message_bytes, 'p');
  for (std::size_t first = 0; first < count; first += at_a_time) {
    for (std::size_t i = first; i < std::min(count, first + at_a_time); ++i)
      on.claim(*agent_id::parse("passive/" + std::to_string(i)), true, [&](result<loaded_agent> r) {
        turn_commit t;
        t.id = r->id;
        t.birth = r->birth;
        t.epoch = r->epoch;
        t.puts = {{row_class::document, "state", 1, body, never}};
        on.commit(std::move(t), [](receipt) {});
      });
    claim(on,
          "last/1"); // behind all those claims; its own answer comes before the last turns, which may wait
  }
  claim(on, "last/1");
}

} // namespace troupe::bench
