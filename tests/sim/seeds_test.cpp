// Seeded runs of a whole node with crashes at every kind of moment, a disk that fills up, duplicated and lost
// hints. A failing seed is printed; `sim --run_test=seeds/one_seed -- --seed N` replays exactly that run.
#include "tests/sim/workload.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <iostream>
#include <string>

using namespace troupe::sim;

namespace {

std::uint64_t argument(const std::string& name, std::uint64_t otherwise) {
  auto& suite = boost::unit_test::framework::master_test_suite();
  for (int i = 1; i + 1 < suite.argc; ++i)
    if (suite.argv[i] == name)
      return std::stoull(suite.argv[i + 1]);
  return otherwise;
}

struct tally {
  std::string first_violation;
  std::size_t violations = 0;
  std::size_t crashes = 0;
  std::size_t acknowledged = 0;
  std::size_t failed_writes = 0;
};

tally run_seeds(std::uint64_t first, std::uint64_t count, const faults& with) {
  tally t;
  for (auto seed = first; seed < first + count; ++seed) {
    auto came = run_seed(seed, with);
    t.crashes += came.crashes;
    t.acknowledged += came.acknowledged;
    t.failed_writes += came.failed_writes;
    if (came.violation.empty())
      continue;
    if (++t.violations == 1)
      t.first_violation = "seed " + std::to_string(seed) + ": " + came.violation;
  }
  return t;
}

/// Whether one of the seeds shows a violation. The first that does will do: what is broken may run for long.
bool seen_within(std::uint64_t count, const faults& with) {
  for (std::uint64_t seed = 1; seed <= count; ++seed)
    if (auto came = run_seed(seed, with); !came.violation.empty()) {
      BOOST_TEST_MESSAGE("seed " << seed << " shows it: " << came.violation);
      return true;
    }
  return false;
}

} // namespace

BOOST_AUTO_TEST_SUITE(seeds)

BOOST_AUTO_TEST_CASE(every_promise_holds_in_every_seed) {
  auto count = argument("--seeds", 300);
  auto begun = std::chrono::steady_clock::now();
  auto t = run_seeds(1, count, faults{});
  auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
  // ./check hands this line on.
  std::cout << "simulator: " << count << " seeds, " << count * 1'000 / static_cast<std::uint64_t>(ms + 1)
            << " a second, with " << t.crashes << " crashes and " << t.acknowledged
            << " acknowledged messages" << std::endl;
  BOOST_TEST(t.crashes > count);
  BOOST_TEST(t.failed_writes > count);
  BOOST_TEST(t.violations == 0u, t.first_violation);
}

BOOST_AUTO_TEST_CASE(one_seed) {
  auto seed = argument("--seed", 1);
  auto came = run_seed(seed, faults{});
  BOOST_TEST_MESSAGE("seed " << seed << ": " << came.turns << " slices, " << came.crashes << " crashes");
  BOOST_TEST(came.violation.empty(), came.violation);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_run) {
  auto first = run_seed(7, faults{});
  auto second = run_seed(7, faults{});
  BOOST_TEST(first.turns == second.turns);
  BOOST_TEST(first.crashes == second.crashes);
}

// The checks must be able to see: with a guarantee switched off, they do.

BOOST_AUTO_TEST_CASE(without_deduplication_violations_are_seen) {
  faults with;
  with.no_dedupe = true;
  BOOST_TEST(seen_within(60, with));
}

BOOST_AUTO_TEST_CASE(with_an_open_output_gate_violations_are_seen) {
  faults with;
  with.open_gate = true;
  BOOST_TEST(seen_within(60, with));
}

BOOST_AUTO_TEST_SUITE_END()
