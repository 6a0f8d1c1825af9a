// Workflows nobody wrote, with crashes at random moments: after every record, the fold of the journal is the
// live state, and a run that crashed ends as one that did not. `unit_workflows -t random_flows -- --flows N`
// runs more; `--flow SEED` runs one again.
#include "tests/unit/workflows/run/random_flow.hpp"
#include "tests/unit/workflows/run/run_rig.hpp"

#include "runtime/base/hash.hpp"
#include "workflows/run/deployed.hpp"
#include "workflows/run/view.hpp"
#include "workflows/run/wire.hpp"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>

using namespace troupe;
using namespace troupe::workflow;

namespace {

std::uint64_t argument(const std::string& name, std::uint64_t otherwise) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  for (int i = 1; i + 1 < suite.argc; ++i)
    if (suite.argv[i] == name)
      return std::stoull(suite.argv[i + 1]);
  return otherwise;
}

/// The same whatever the order of asking: a crash must not change what the world says.
std::optional<mocked> said(std::uint64_t seed, const asked& q) {
  if (q.here)
    return std::nullopt;
  const auto drawn = stable_hash(std::to_string(seed) + q.path + '#' + std::to_string(q.attempt) + q.action);
  const milliseconds after((drawn >> 8) % 30'000);
  if (q.action == "lookup")
    return mocked{
        outcome::success(drawn % 2 == 0 ? "{\"found\": false}" : "{\"found\": true, \"result\": 7}"), after};
  switch (drawn % 8) {
  case 0:
    return mocked{outcome::failure("unavailable", "drawn"), after};
  case 1:
    return mocked{outcome::failure("invalid", "drawn"), after};
  case 2:
    return mocked{outcome::success(q.body), milliseconds(3'600'000)}; // later than any time-out
  default:
    return mocked{outcome::success(q.body), after};
  }
}

struct trial {
  std::string ended; // state, output, variables, error
  std::set<std::string> effects;
  std::uint64_t records = 0;
  std::uint64_t crashes = 0;
};

/// What people and others do to it, at drawn times.
void stage(world& around, const std::string& id, std::uint64_t seed) {
  std::mt19937_64 draw(seed ^ 0x5eedU);
  const auto at = [&](auto what) {
    around.at(around.now() + milliseconds(draw() % 1'200'000), [&around, id, what] { what(around, id); });
  };
  for (auto n = draw() % 4; n > 0; --n)
    at([name = draw() % 2 == 0 ? "x" : "y"](world& w, const std::string& run) { w.signal(run, name, "5"); });
  if (draw() % 3 == 0) {
    at([](world& w, const std::string& run) { w.send(run, "pause", "{}"); });
    around.at(around.now() + milliseconds(1'300'000), [&around, id] { around.send(id, "resume", "{}"); });
  }
  if (draw() % 3 == 0)
    at([](world& w, const std::string& run) { w.send(run, "retry", "{}"); });
  if (draw() % 5 == 0)
    at([](world& w, const std::string& run) { w.send(run, "cancel", "{}"); });
  if (draw() % 2 == 0)
    at([](world& w, const std::string& run) {
      for (const auto& line : index_lines(w.record(run)))
        if (line.category == "approval")
          w.send(run, "approval",
                 "{\"approval\": \"" + line.item +
                     "\", \"by\": \"ann\", \"roles\": [\"*\"], \"decision\": \"approved\"}");
    });
}

trial run(const catalog& known, std::uint64_t seed, std::uint64_t crash_one_in) {
  world::options how;
  how.crash_one_in = crash_one_in;
  how.crash_seed = seed;
  how.snapshot_every = 1 + seed % 7;
  world around(known, how);
  trial made;
  around.mock = [&](const asked& q) {
    made.effects.insert(q.path + ' ' + q.action + ' ' + q.body + ' ' + q.idempotency_key);
    return said(seed, q);
  };
  const auto id = around.start("w", "{}");
  stage(around, id, seed);
  around.run();
  BOOST_REQUIRE_MESSAGE(!around.cut_off(), "flow " << seed << " does not end");
  const auto& record = around.record(id);
  made.ended =
      std::string(to_string(visible_state(record))) + ' ' + to_text(record.output) + ' ' + record.error.kind;
  for (const auto& [name, v] : record.vars)
    made.ended += ' ' + name + '=' + to_text(v);
  made.records = around.records();
  made.crashes = around.crashes();
  return made;
}

struct tally {
  std::uint64_t records = 0;
  std::uint64_t crashes = 0;
  std::map<std::string, std::uint64_t> states;
};

void one(std::uint64_t seed, tally& into) {
  parsed flow(random_flow(seed));
  BOOST_REQUIRE_MESSAGE(flow.plan, flow.findings);
  deployed_catalog known;
  known.deploy({flow.plan});
  const auto plain = run(known, seed, 0);
  const auto crashed = run(known, seed, 1 + seed % 4);
  BOOST_TEST(plain.ended == crashed.ended,
             "flow " << seed << ": " << plain.ended << " became " << crashed.ended);
  BOOST_TEST(plain.effects == crashed.effects, "flow " << seed << " asked for other things");
  into.records += crashed.records;
  into.crashes += crashed.crashes;
  ++into.states[plain.ended.substr(0, plain.ended.find(' '))];
}

} // namespace

BOOST_AUTO_TEST_SUITE(random_flows)

BOOST_AUTO_TEST_CASE(the_fold_of_the_journal_is_the_live_state_at_every_record) {
  const auto count = argument("--flows", 1'500);
  const auto first = argument("--flow", 1);
  const bool only = first != 1;
  tally all;
  for (auto seed = first; seed < first + (only ? 1 : count); ++seed)
    one(seed, all);
  std::string states;
  for (const auto& [state, n] : all.states)
    states += ' ' + state + ' ' + std::to_string(n);
  BOOST_TEST_MESSAGE(count << " workflows, " << all.records << " records, " << all.crashes
                           << " crashes; they ended:" << states);
  BOOST_TEST((only || all.crashes > count));
  BOOST_TEST((only || all.states.size() >= 4u));
}

BOOST_AUTO_TEST_SUITE_END()
