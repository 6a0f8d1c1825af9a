// Suspects of an unclean end come back one at a time (CORE.md section 5).
#include "runtime/node/node_core.hpp"

#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

namespace {

agent_id agent(const std::string& key) { return *agent_id::parse("desk/" + key); }

struct core_fixture {
  static node_core::options two_suspects() {
    node_core::options how;
    how.suspects = {agent("a"), agent("b")};
    return how;
  }

  /// Whom the node claims now, as keys.
  std::string claimed() {
    std::string keys;
    for (auto& action : core.take_actions())
      if (auto* claim = std::get_if<claim_agent>(&action))
        keys += claim->id.key();
    return keys;
  }
  void runs(const std::string& key) {
    journal::loaded_agent found;
    found.id = agent(key);
    core.claimed(agent(key), std::move(found), now);
  }

  instant now = from_ms(1'700'000'000'000);
  testing::sim_random random{1};
  node_core core{two_suspects(), random};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(suspects_of_a_node, core_fixture)

BOOST_AUTO_TEST_CASE(the_first_is_activated_at_boot) {
  core.boot(now);
  BOOST_TEST(claimed() == "a");
}

BOOST_AUTO_TEST_CASE(the_second_comes_when_the_firsts_turn_has_ended) {
  core.boot(now);
  claimed();
  runs("a");
  BOOST_TEST(claimed() == "");
  core.turn_ended(agent("a"), now);
  BOOST_TEST(claimed() == "b");
}

BOOST_AUTO_TEST_CASE(mail_does_not_activate_a_suspect_before_its_time) {
  core.boot(now);
  claimed();
  core.wanted(agent("b"), true, now);
  BOOST_TEST(claimed() == "");
}

BOOST_AUTO_TEST_CASE(others_start_as_usual) {
  core.boot(now);
  claimed();
  core.wanted(agent("c"), true, now);
  BOOST_TEST(claimed() == "c");
}

BOOST_AUTO_TEST_CASE(nobody_is_waited_for_longer_than_five_seconds) {
  core.boot(now);
  claimed();
  runs("a");
  now += milliseconds(5'000);
  core.tick(now);
  BOOST_TEST(claimed() == "b");
}

BOOST_AUTO_TEST_CASE(one_that_was_purged_lets_the_next_pass) {
  core.boot(now);
  claimed();
  core.claimed(agent("a"), fail(fault::not_found, "there is no agent desk/a"), now);
  BOOST_TEST(claimed() == "b");
}

BOOST_AUTO_TEST_CASE(one_that_crashes_again_lets_the_next_pass) {
  core.boot(now);
  claimed();
  runs("a");
  core.crashed(agent("a"), false, "again", now);
  BOOST_TEST(claimed() == "b");
}

BOOST_AUTO_TEST_SUITE_END()
