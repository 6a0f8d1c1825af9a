#include "cluster/place/directory.hpp"
#include "cluster/place/placement.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::cluster;

namespace {

std::map<node_epoch, member> nodes(std::size_t count) {
  std::map<node_epoch, member> all;
  for (node_epoch e = 1; e <= count; ++e) {
    all[e].epoch = e;
    all[e].node = "node-" + std::to_string(e);
  }
  return all;
}

agent_id agent(int i) { return *agent_id::make("default", "k", std::to_string(i)); }

node_epoch nobody(const agent_id&) { return 0; }

std::map<node_epoch, int> spread(const std::map<node_epoch, member>& over, int agents) {
  std::map<node_epoch, int> count;
  for (int i = 0; i < agents; ++i)
    ++count[place(agent(i), {}, over, nobody).node];
  return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(placement)

BOOST_AUTO_TEST_CASE(agents_spread_by_weight) {
  auto all = nodes(3);
  all[3].weight = 2;
  auto count = spread(all, 4'000);
  BOOST_TEST(count[1] > 850);
  BOOST_TEST(count[1] < 1'150);
  BOOST_TEST(count[3] > 1'850);
  BOOST_TEST(count[3] < 2'150);
}

BOOST_AUTO_TEST_CASE(a_node_that_goes_moves_only_its_own) {
  auto before = nodes(4), after = nodes(4);
  after.erase(2);
  for (int i = 0; i < 500; ++i) {
    auto was = place(agent(i), {}, before, nobody).node;
    if (was != 2)
      BOOST_TEST(place(agent(i), {}, after, nobody).node == was);
  }
}

BOOST_AUTO_TEST_CASE(a_node_that_comes_back_under_its_name_gets_its_own_again) {
  auto before = nodes(3), after = nodes(3);
  after.erase(2);
  after[9].epoch = 9;
  after[9].node = "node-2";
  for (int i = 0; i < 200; ++i)
    if (place(agent(i), {}, before, nobody).node == 2)
      BOOST_TEST(place(agent(i), {}, after, nobody).node == 9u);
}

BOOST_AUTO_TEST_CASE(cordoned_draining_and_dead_nodes_get_nothing) {
  auto all = nodes(4);
  all[1].state = journal::member_state::cordoned;
  all[2].state = journal::member_state::draining;
  all[3].state = journal::member_state::dead;
  BOOST_TEST(spread(all, 100)[4] == 100);
  all[4].state = journal::member_state::cordoned;
  auto none = place(agent(1), {}, all, nobody);
  BOOST_TEST(none.node == 0u);
  BOOST_TEST(none.why_not == "no node is up that takes new agents");
}

BOOST_AUTO_TEST_CASE(wishes_are_met_or_the_reason_is_told) {
  auto all = nodes(3);
  all[2].labels = {{"gpu", "true"}};
  all[3].kinds = {"other"};
  wish gpu;
  gpu.labels = {{"gpu", "true"}};
  BOOST_TEST(place(agent(1), gpu, all, nobody).node == 2u);
  gpu.labels["zone"] = "a";
  BOOST_TEST(place(agent(1), gpu, all, nobody).why_not ==
             "no node that is up has the labels gpu=true, zone=a");
  wish pinned;
  pinned.pin = "node-1";
  BOOST_TEST(place(agent(1), pinned, all, nobody).node == 1u);
  pinned.pin = "node-7";
  BOOST_TEST(place(agent(1), pinned, all, nobody).node == 0u);
  BOOST_TEST(spread(all, 50)[3] == 0); // it does not know the kind
}

BOOST_AUTO_TEST_CASE(near_and_apart) {
  auto all = nodes(3);
  auto at_two = [](const agent_id&) { return node_epoch(2); };
  wish beside, away;
  beside.near = agent(0);
  away.apart = agent(0);
  for (int i = 1; i < 50; ++i) {
    BOOST_TEST(place(agent(i), beside, all, at_two).node == 2u);
    BOOST_TEST(place(agent(i), away, all, at_two).node != 2u);
  }
  all.erase(1);
  all.erase(3);
  BOOST_TEST(place(agent(1), away, all, at_two).node == 2u); // better there than nowhere
}

BOOST_AUTO_TEST_CASE(hints_are_bounded_and_go_with_their_node) {
  directory where(3);
  for (int i = 0; i < 5; ++i)
    where.learned(agent(i), 1);
  BOOST_TEST(where.size() == 3u);
  BOOST_TEST(where.hint(agent(0)) == 0u);
  where.learned(agent(4), 2);
  where.forget_node(1);
  BOOST_TEST(where.hint(agent(3)) == 0u);
  BOOST_TEST(where.hint(agent(4)) == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
