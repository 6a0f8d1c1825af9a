#include "bench/journal/floor.hpp"
#include "bench/journal/load.hpp"
#include "bench/journal/postgres.hpp"
#include "bench/support/report.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// bench_journal [FOLDER] [--rounds N] [--million] [--postgres]: the journal on SQLite against the disk and
// SQLite alone, in one run, interleaved; medians over the rounds. With --postgres instead on a PostgreSQL of
// its own, against bare inserts into the same server. Bars: TARGETS.md, "Actors and cluster".

namespace {

using namespace troupe;
using namespace troupe::bench;

constexpr std::chrono::milliseconds slice{1'000};

struct plan {
  std::filesystem::path folder = std::filesystem::temp_directory_path() / "troupe-bench-journal";
  int rounds = 5;
  bool million = false;
  bool postgres = false;
};

plan read_plan(int argc, char** argv) {
  plan p;
  for (int i = 1; i < argc; ++i) {
    const std::string_view arg = argv[i];
    if (arg == "--million")
      p.million = true;
    else if (arg == "--postgres")
      p.postgres = true;
    else if (arg == "--rounds" && i + 1 < argc)
      p.rounds = std::max(1, std::atoi(argv[++i]));
    else
      p.folder = std::filesystem::path(arg) / "troupe-bench-journal";
  }
  return p;
}

struct samples {
  std::vector<double> sync_p50, sync_p99, batch_128, batch_64;
  std::vector<double> tells_128, tells_64, documents_64, full_64, singles;
  std::vector<double> turn_p50, turn_p99, turn_over_sync_p50, turn_over_sync_p99, tell_over_batch;
};

void one_round(const plan& p, samples& s) {
  const latencies sync = sync_loop(p.folder, slice);
  s.sync_p50.push_back(sync.at(0.5).count());
  s.sync_p99.push_back(sync.at(0.99).count());
  {
    fresh_store store(p.folder / "one");
    run_load(*store, turn_kind::document, 1, slice / 4); // the log's file grows once, then is written over
    const load_result one = run_load(*store, turn_kind::document, 1, slice);
    s.singles.push_back(one.turns_per_second);
    s.turn_p50.push_back(one.turn.at(0.5).count());
    s.turn_p99.push_back(one.turn.at(0.99).count());
    s.turn_over_sync_p50.push_back(one.turn.at(0.5) / sync.at(0.5));
    s.turn_over_sync_p99.push_back(one.turn.at(0.99) / sync.at(0.99));
  }
  s.batch_128.push_back(sqlite_rows_per_second(p.folder, 128, 200, slice));
  fresh_store store(p.folder / "many");
  s.tells_128.push_back(run_load(*store, turn_kind::tell, 128, slice).turns_per_second);
  s.tell_over_batch.push_back(s.tells_128.back() / s.batch_128.back());
  s.batch_64.push_back(sqlite_rows_per_second(p.folder, 64, 200, slice));
  s.documents_64.push_back(run_load(*store, turn_kind::document, 64, slice).turns_per_second);
  store.close();
  fresh_store other(p.folder / "full");
  s.tells_64.push_back(run_load(*other, turn_kind::tell, 64, slice).turns_per_second);
  fresh_store third(p.folder / "third");
  s.full_64.push_back(run_load(*third, turn_kind::full, 64, slice).turns_per_second);
}

void report(const samples& s) {
  std::printf("floor\n");
  line("one fdatasync of 4 KiB, p50", s.sync_p50, "us");
  line("one fdatasync of 4 KiB, p99", s.sync_p99, "us");
  line("SQLite alone, batches of 128 rows of 200 B", s.batch_128, "rows/s");
  line("SQLite alone, batches of 64", s.batch_64, "rows/s");
  std::printf("journal\n");
  line("tells (200 B applied and sent), 128 in flight", s.tells_128, "turns/s");
  line("tells, 64 in flight", s.tells_64, "turns/s");
  line("turns with a 200 B document, 64 in flight", s.documents_64, "turns/s");
  line("turns with tell, document and event, 64 in flight", s.full_64, "turns/s");
  line("turns with a 200 B document, 1 in flight", s.singles, "turns/s");
  line("one turn, p50", s.turn_p50, "us");
  line("one turn, p99", s.turn_p99, "us");
  std::printf("bars (medians of the rounds' ratios)\n");
  bar("durable tell 200 B / SQLite batch of 128", median(s.tell_over_batch), 0.5, 0.9, true);
  bar("durable turn p50 / one fdatasync p50", median(s.turn_over_sync_p50), 2.0, 1.2, false);
  bar("durable turn p99 / one fdatasync p99", median(s.turn_over_sync_p99), 3.0, 1.2, false);
}

void report_postgres(const postgres_samples& s) {
  std::printf("PostgreSQL alone, one connection\n");
  line("one row of 200 B a commit", s.singles, "rows/s");
  line("64 rows of 200 B a commit, through unnest", s.bare_64, "rows/s");
  std::printf("journal on the same server\n");
  line("turns with a 200 B document, 64 in flight", s.documents_64, "turns/s");
  line("tells (200 B applied and sent), 64 in flight", s.tells_64, "turns/s");
  line("turns with a 200 B document, 1 in flight", s.turns_alone, "turns/s");
  std::printf("  %-52s %10.2f x\n", "fenced groups of 64 / bare inserts of 64", median(s.fenced_over_bare));
}

/// A file with a million passive agents must not make a start or a first message slower.
void passive_million(const plan& p) {
  using clock = std::chrono::steady_clock;
  constexpr std::size_t count = 1'000'000;
  fresh_store store(p.folder / "million");
  const auto filled_from = clock::now();
  add_passive_agents(*store, count);
  const std::chrono::duration<double> filling = clock::now() - filled_from;
  store.close();
  const auto bytes = std::filesystem::file_size(p.folder / "million" / "troupe.db");
  const auto opened_from = clock::now();
  store.open();
  const micros opening = clock::now() - opened_from;
  std::vector<micros> claims;
  for (std::size_t i = 0; i < 200; ++i) {
    const auto from = clock::now();
    claim(*store, "passive/" + std::to_string(i * 7'919 % count));
    claims.push_back(clock::now() - from);
  }
  const micros first = claims.front();
  const latencies all(std::move(claims));
  std::printf("%zu passive agents in one file (%.0f MiB, filled in %.0f s)\n", count,
              static_cast<double>(bytes) / (1 << 20), filling.count());
  std::printf("  opening %.1f ms; first claim %.0f us, then p50 %.0f us, p99 %.0f us\n",
              opening.count() / 1'000, first.count(), all.at(0.5).count(), all.at(0.99).count());
}

} // namespace

int main(int argc, char** argv) {
  const plan p = read_plan(argc, argv);
  std::filesystem::create_directories(p.folder);
  if (p.postgres) {
    report_postgres(measure_postgres(p.folder, p.rounds, slice));
    std::filesystem::remove_all(p.folder);
    return 0;
  }
  samples s;
  for (int round = 0; round < p.rounds; ++round)
    one_round(p, s);
  std::printf("%d rounds in %s\n", p.rounds, p.folder.c_str());
  report(s);
  if (p.million)
    passive_million(p);
  std::filesystem::remove_all(p.folder);
}
