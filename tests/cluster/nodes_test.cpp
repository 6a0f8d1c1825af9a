// Three nodes on one PostgreSQL, in one process: agents answer across nodes, move, and survive a node.
#include "storage/postgres/private_server.hpp"
#include "tests/cluster/whole_node.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>

using namespace troupe;
using troupe::testing::whole_node;

namespace {

/// A PostgreSQL and the data folders of nodes, gone with the test.
struct ground {
  std::filesystem::path folder;
  std::optional<storage::private_server> server;

  ground() {
    auto name = (std::filesystem::temp_directory_path() / "troupe-nodes-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    std::filesystem::permissions(folder, std::filesystem::perms(0755)); // the server runs as another user
    auto started = storage::private_server::start({folder / "postgres", {}});
    BOOST_REQUIRE_MESSAGE(started.has_value(), (started ? std::string() : started.error().message));
    server.emplace(std::move(*started));
  }
  ~ground() {
    server.reset();
    std::filesystem::remove_all(folder);
  }
  std::unique_ptr<whole_node> node(const std::string& name) const {
    std::filesystem::create_directories(folder / name);
    return std::make_unique<whole_node>(server->address(), (folder / name).string(), name);
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(nodes)

BOOST_AUTO_TEST_CASE(agents_answer_across_nodes_move_and_survive_one) {
  ground here;
  auto a = here.node("node-a"), b = here.node("node-b"), c = here.node("node-c");
  BOOST_REQUIRE((a->sees(3) && b->sees(3) && c->sees(3)));

  std::map<std::string, int> spread;
  for (int i = 0; i < 12; ++i) {
    auto agent = "probe.ledger/" + std::to_string(i);
    BOOST_TEST(a->ask(agent, "note_next", "{}") == "1");
    BOOST_TEST(b->ask(agent, "note_next", "{}") == "2");
    ++spread[c->inspect(agent).node];
  }
  BOOST_TEST(spread.size() == 3u);

  // By command, from a node that has neither.
  auto home = a->inspect("probe.ledger/0").node;
  auto to = home == "node-b" ? "node-c" : "node-b";
  auto before = a->inspect("probe.ledger/0").epoch;
  auto moved = a->migrate("probe.ledger/0", to);
  BOOST_REQUIRE_MESSAGE(moved.has_value(), (moved ? std::string() : moved.error().message));
  BOOST_TEST(moved->epoch == before + 1);
  BOOST_TEST(c->inspect("probe.ledger/0").node == to);
  BOOST_TEST(a->ask("probe.ledger/0", "note_next", "{}") == "3");

  // One is gone without a word: its agents go on elsewhere, where they stood.
  c.reset();
  BOOST_REQUIRE((a->sees(2) && b->sees(2)));
  for (int i = 1; i < 12; ++i)
    BOOST_TEST(a->ask("probe.ledger/" + std::to_string(i), "note_next", "{}") == "3");
}

BOOST_AUTO_TEST_CASE(every_node_tells_since_when_the_others_are_members) {
  ground here;
  const auto before = system_clock_source().now() - milliseconds(60'000);
  auto a = here.node("node-a"), b = here.node("node-b");
  BOOST_REQUIRE((a->sees(2) && b->sees(2)));
  const auto told = a->nodes();
  BOOST_REQUIRE(told.size() == 2u);
  BOOST_TEST((told[0].started > before));
  BOOST_TEST((told[1].started > before));
}

BOOST_AUTO_TEST_CASE(a_drained_node_has_nobody_left_and_leaves) {
  ground here;
  auto a = here.node("node-a"), b = here.node("node-b");
  BOOST_REQUIRE((a->sees(2) && b->sees(2)));
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(a->ask("probe.ledger/" + std::to_string(i), "note_next", "{}") == "1");
  auto drained = a->order("node-b", node_order::drain);
  BOOST_REQUIRE_MESSAGE(drained.has_value(), (drained ? std::string() : drained.error().message));
  BOOST_TEST(drained->left.empty());
  BOOST_TEST(drained->moved > 0u);
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(b->inspect("probe.ledger/" + std::to_string(i)).node == "node-a");
  BOOST_TEST(a->order("node-b", node_order::leave).has_value());
  BOOST_TEST(a->sees(1));
  BOOST_TEST(a->ask("probe.ledger/0", "note_next", "{}") == "2");
  BOOST_TEST(!a->migrate("probe.ledger/0", "node-b").has_value());
}

/// Its last message may still be on the way to it: whoever looks from now on must not meet it here.
BOOST_AUTO_TEST_CASE(what_was_let_go_is_found_no_more) {
  ground here;
  auto a = here.node("node-a");
  for (int i = 0; i < 20; ++i) {
    const auto agent = "probe.ledger/" + std::to_string(i);
    BOOST_TEST(a->ask(agent, "note_next", "{}") == "1");
    a->let_go(agent);
    BOOST_TEST(static_cast<int>(a->inspect(agent).state) == static_cast<int>(agent_state::passive));
  }
}

BOOST_AUTO_TEST_SUITE_END()
