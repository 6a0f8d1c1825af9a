#include "bench/actors/agents.hpp"
#include "bench/actors/raw_caf.hpp"
#include "bench/support/report.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// bench_actors [FOLDER] [--rounds N] [--only tells|queries|memory]: ephemeral messages and idle agents
// against CAF alone, in one run, interleaved; medians over the rounds. Bars: TARGETS.md, "Actors and
// cluster".

namespace {

using namespace troupe::bench;

constexpr std::size_t senders = 32;
constexpr std::uint64_t tells_each = 62'500;
constexpr std::uint64_t asks = 100'000;
constexpr std::size_t crowd_size = 20'000;

struct plan {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / "troupe-bench-actors";
  int rounds = 5;
  std::string_view only;

  bool wants(std::string_view part) const { return only.empty() || only == part; }
};

plan read_plan(int argc, char** argv) {
  plan p;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    if (arg == "--rounds" && i + 1 < argc)
      p.rounds = std::max(1, std::atoi(argv[++i]));
    else if (arg == "--only" && i + 1 < argc)
      p.only = argv[++i];
    else
      p.folder = std::filesystem::path(arg) / "troupe-bench-actors";
  }
  return p;
}

struct samples {
  std::vector<double> raw_tells, tells, tell_ratio, raw_asks, sharing_asks, asks, ask_ratio, sharing_ratio;
  std::vector<double> raw_spawns, activations, raw_bytes, idle_bytes, passive_bytes;
};

void compare_tells(const plan& p, samples& s) {
  s.raw_tells.push_back(raw_caf::tells_per_second(senders, tells_each));
  s.tells.push_back(agents::tells_per_second(p.folder, senders, tells_each));
  s.tell_ratio.push_back(s.tells.back() / s.raw_tells.back());
}

void compare_queries(const plan& p, samples& s) {
  s.raw_asks.push_back(raw_caf::asks_per_second(raw_caf::scheduler::steals, asks));
  s.sharing_asks.push_back(raw_caf::asks_per_second(raw_caf::scheduler::shares, asks));
  s.asks.push_back(agents::asks_per_second(p.folder, asks));
  s.ask_ratio.push_back(s.asks.back() / s.raw_asks.back());
  s.sharing_ratio.push_back(s.asks.back() / s.sharing_asks.back());
}

void compare_memory(const plan& p, samples& s) {
  const auto raw = raw_caf::idle(crowd_size);
  s.raw_spawns.push_back(raw.spawned_per_second);
  s.raw_bytes.push_back(raw.bytes_each);
  const auto idle = agents::idle(p.folder, crowd_size);
  s.activations.push_back(idle.activated_per_second);
  s.idle_bytes.push_back(idle.bytes_each);
  s.passive_bytes.push_back(agents::passive(p.folder, crowd_size).bytes_each);
}

void report_tells(const samples& s) {
  std::printf("ephemeral messages\n");
  line("CAF alone: send, 32 actors to one", s.raw_tells, "/s");
  line("tell, 32 agents to one", s.tells, "/s");
  bar("tell / send", median(s.tell_ratio), 0.5, 0.8, true);
}

void report_queries(const samples& s) {
  std::printf("questions, one at a time\n");
  line("CAF alone: request with a time-out of 10 s", s.raw_asks, "/s");
  line("the same under a node's scheduler", s.sharing_asks, "/s");
  line("query with a deadline of 10 s", s.asks, "/s");
  bar("query / request", median(s.ask_ratio), 1.0, 2.0, true);
  bar("query / request under a node's scheduler", median(s.sharing_ratio), 1.0, 2.0, true);
}

void report_memory(const samples& s) {
  std::printf("many that do nothing\n");
  line("CAF alone: spawn", s.raw_spawns, "/s");
  line("CAF alone: an idle actor", s.raw_bytes, "bytes");
  line("activation of new agents (each a row on disk)", s.activations, "/s");
  line("an idle agent", s.idle_bytes, "bytes");
  line("a passive agent", s.passive_bytes, "bytes");
  bar("an idle agent, KiB", median(s.idle_bytes) / 1024, 4.0, 2.0, false);
}

} // namespace

int main(int argc, char** argv) {
  const plan p = read_plan(argc, argv);
  std::filesystem::create_directories(p.folder);
  samples s;
  for (int round = 0; round < p.rounds; ++round) {
    if (p.wants("tells"))
      compare_tells(p, s);
    if (p.wants("queries"))
      compare_queries(p, s);
    if (p.wants("memory"))
      compare_memory(p, s);
  }
  std::printf("%d rounds in %s; medians, and of the rounds' ratios\n", p.rounds, p.folder.c_str());
  if (p.wants("tells"))
    report_tells(s);
  if (p.wants("queries"))
    report_queries(s);
  if (p.wants("memory"))
    report_memory(s);
  std::filesystem::remove_all(p.folder);
}
