// Seeded runs of whole clusters: kills, pauses, cuts, outages of the store, lost, late and doubled messages,
// clocks that drift, agents that move all the while. `sim --run_test=clusters/one_seed -- --seed N` replays
// one.
#include "tests/sim/cluster_run.hpp"

#include <boost/test/unit_test.hpp>
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
  std::size_t violations = 0, kills = 0, pauses = 0, cuts = 0, outages = 0, moves = 0, acknowledged = 0;
};

tally run_seeds(std::uint64_t first, std::uint64_t count, cluster_faults with) {
  tally t;
  for (auto seed = first; seed < first + count; ++seed) {
    with.nodes = 3 + seed % 3;
    auto came = run_cluster_seed(seed, with);
    t.kills += came.kills;
    t.pauses += came.pauses;
    t.cuts += came.cuts;
    t.outages += came.outages;
    t.moves += came.moves;
    t.acknowledged += came.acknowledged;
    if (came.violation.empty())
      continue;
    if (++t.violations == 1)
      t.first_violation = "seed " + std::to_string(seed) + ": " + came.violation;
  }
  return t;
}

} // namespace

BOOST_AUTO_TEST_SUITE(clusters)

BOOST_AUTO_TEST_CASE(every_promise_holds_in_every_seed) {
  auto count = argument("--clusters", 40);
  auto t = run_seeds(1, count, {});
  BOOST_TEST_MESSAGE(count << " clusters: " << t.kills << " kills, " << t.pauses << " pauses, " << t.cuts
                           << " cuts, " << t.outages << " outages of the store, " << t.moves << " moves, "
                           << t.acknowledged << " acknowledged messages");
  BOOST_TEST(t.kills > count);
  BOOST_TEST(t.pauses > count);
  BOOST_TEST(t.moves > count);
  BOOST_TEST(t.violations == 0u, t.first_violation);
}

BOOST_AUTO_TEST_CASE(one_seed) {
  auto seed = argument("--seed", 1);
  cluster_faults with;
  with.nodes = 3 + seed % 3;
  auto came = run_cluster_seed(seed, with);
  BOOST_TEST_MESSAGE("seed " << seed << ": " << came.kills << " kills, " << came.pauses << " pauses, "
                             << came.moves << " moves");
  BOOST_TEST(came.violation.empty(), came.violation);
}

BOOST_AUTO_TEST_CASE(the_same_seed_gives_the_same_run) {
  auto first = run_cluster_seed(5, {});
  auto second = run_cluster_seed(5, {});
  BOOST_TEST(first.kills == second.kills);
  BOOST_TEST(first.moves == second.moves);
  BOOST_TEST(first.violation == second.violation);
}

// The checks must be able to see: with a guarantee switched off, they do.

BOOST_AUTO_TEST_CASE(without_fencing_violations_are_seen) {
  cluster_faults with;
  with.no_fence = true;
  BOOST_TEST(run_seeds(1, 100, with).violations > 0u);
}

BOOST_AUTO_TEST_SUITE_END()
