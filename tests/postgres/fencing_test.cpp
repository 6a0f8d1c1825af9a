#include "tests/postgres/postgres_rig.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace troupe;
using namespace troupe::testing;
using namespace troupe::journal;
using desk = journal_desk;

turn_commit putting(const loaded_agent& of, const std::string& body) {
  turn_commit t = desk::turn(of);
  t.puts = {desk::row(row_class::document, "state", body)};
  return t;
}

struct two_nodes {
  postgres_rig first;
  std::unique_ptr<postgres_rig> second = first.neighbour();
  desk here{first};
  desk there{*second};
};

member_row member(std::uint64_t epoch, std::string name) {
  member_row row;
  row.epoch = epoch;
  row.node = std::move(name);
  return row;
}

/// The first node is a member that lives.
std::uint64_t join_first(two_nodes& n) {
  const auto epoch = n.first.store().node_epoch();
  const auto joined = n.here.ask<std::uint64_t>([&](auto done) {
    n.first.shared().members().put(member(epoch, "first"), milliseconds(10'000), false, done);
  });
  BOOST_REQUIRE(joined.has_value());
  return epoch;
}

BOOST_AUTO_TEST_SUITE(fencing_on_postgres)

BOOST_AUTO_TEST_CASE(a_stale_activation_drops_out_of_its_group_alone) {
  two_nodes n;
  const auto stolen = n.here.claim("a/1");
  const auto kept = n.here.claim("b/1");
  n.there.claim("a/1");
  turn_commit stale = putting(stolen, "stale");
  stale.outbox = {desk::mail(kept.id, "never sent")};
  const auto receipts = n.here.commit_together({putting(kept, "one"), stale, putting(kept, "two")});
  BOOST_TEST((receipts[0].status == commit_status::durable));
  BOOST_TEST((receipts[1].status == commit_status::fenced));
  BOOST_TEST((receipts[2].status == commit_status::durable));
  BOOST_TEST(n.there.rows("a/1", row_class::document) == "");
  BOOST_TEST(n.there.rows("b/1", row_class::document) == "state=two");
  BOOST_TEST(n.there.pending(kept.id).rows.empty());
  BOOST_TEST(n.there.totals().sent == 0u);
}

// The claim has begun but not committed when the group arrives: the group must wait for it, not read past it.
BOOST_AUTO_TEST_CASE(a_claim_under_way_fences_the_group_that_waits_for_it) {
  postgres_rig rig;
  desk d(rig);
  const auto a = d.claim("a/1");
  auto rival = rig.aside();
  rival.run("BEGIN; UPDATE agent SET epoch = epoch + 1");
  std::optional<receipt> answer;
  rig.store().commit(putting(a, "late"), [&](receipt r) {
    answer = std::move(r);
    rig.answered();
  });
  auto watcher = rig.aside();
  while (watcher
             .run("SELECT 1 FROM pg_stat_activity WHERE application_name = 'troupe writer'"
                  " AND wait_event_type = 'Lock'")
             .size() == 0) {
  }
  rival.run("COMMIT");
  rig.let_work([&] { return answer.has_value(); });
  BOOST_TEST((answer->status == commit_status::fenced));
  BOOST_TEST(d.rows("a/1", row_class::document) == "");
}

BOOST_AUTO_TEST_CASE(an_agent_of_a_member_that_lives_cannot_be_claimed) {
  two_nodes n;
  const auto epoch = join_first(n);
  const auto a = n.here.claim("a/1");
  const auto refused = n.there.claim("a/1");
  BOOST_TEST(refused.held_by == epoch);
  BOOST_TEST((n.here.commit(putting(a, "mine")).status == commit_status::durable));
  member_row dead = member(epoch, "first");
  dead.version = 1;
  dead.state = member_state::dead;
  n.there.ask<std::uint64_t>([&](auto done) { n.second->shared().members().put(dead, {}, false, done); });
  const auto won = n.there.claim("a/1");
  BOOST_TEST(won.held_by == 0u);
  BOOST_TEST(won.owner == n.second->store().node_epoch());
  BOOST_TEST(won.rows.size() == 1u);
  BOOST_TEST((n.here.commit(putting(a, "zombie")).status == commit_status::fenced));
}

BOOST_AUTO_TEST_CASE(a_migration_takes_over_from_exactly_one_owner_and_epoch) {
  two_nodes n;
  const auto epoch = join_first(n);
  const auto a = n.here.claim("a/1");
  const auto take = [&](std::uint64_t from_epoch) {
    return n.there.ask<loaded_agent>(
        [&](auto done) { n.second->shared().take_over(a.id, epoch, from_epoch, done); });
  };
  BOOST_TEST((take(a.epoch + 1).error().what == fault::fenced));
  const auto moved = take(a.epoch);
  BOOST_REQUIRE(moved.has_value());
  BOOST_TEST(moved->epoch == a.epoch + 1);
  BOOST_TEST((take(a.epoch).error().what == fault::fenced));
  BOOST_TEST((n.here.commit(putting(a, "late")).status == commit_status::fenced));
}

BOOST_AUTO_TEST_CASE(messages_between_nodes_keep_their_numbers_when_the_sender_moves) {
  two_nodes n;
  const auto a = n.here.claim("a/1");
  const auto b = n.there.claim("b/1");
  n.here.send(a, b.id, 2);
  const auto moved = n.there.claim("a/1");
  BOOST_TEST(n.there.send(moved, b.id, 1) == std::vector<std::uint64_t>({3}),
             boost::test_tools::per_element());
  BOOST_TEST((n.there.apply(b, a.birth, 0, 3).status == commit_status::durable));
  const auto back = n.here.claim("a/1");
  BOOST_TEST(n.here.send(back, b.id, 1) == std::vector<std::uint64_t>({4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_sender_learns_what_receivers_elsewhere_have_taken) {
  two_nodes n;
  const auto a = n.here.claim("a/1");
  const auto b = n.there.claim("b/1");
  n.here.send(a, b.id, 3);
  n.there.apply(b, a.birth, 0, 2);
  n.here.duties(from_ms(0));
  BOOST_TEST(n.first.store().pending_count(a.birth, b.id.addr()) == 1u);
  n.there.apply(b, a.birth, 2, 3);
  n.here.duties(from_ms(0));
  BOOST_TEST(n.first.store().pending_count(a.birth) == 0u);
}

// The purge elsewhere is unknown to the sender's node, which goes on counting; the newborn begins where the
// rows do.
BOOST_AUTO_TEST_CASE(a_receiver_born_again_takes_its_base_from_the_rows) {
  two_nodes n;
  const auto a = n.here.claim("a/1");
  const auto b = n.there.claim("b/1");
  n.here.send(a, b.id, 2);
  n.there.apply(b, a.birth, 0, 2);
  BOOST_REQUIRE(
      n.there.ask<bool>([&](auto done) { n.second->store().purge(b.id, from_ms(1), done); }).has_value());
  BOOST_TEST(n.here.send(a, b.id, 1) == std::vector<std::uint64_t>({3}), boost::test_tools::per_element());
  const auto again = n.there.claim("b/1");
  BOOST_TEST((n.there.apply(again, a.birth, 2, 3).status == commit_status::durable));
  BOOST_TEST(n.here.send(a, b.id, 1) == std::vector<std::uint64_t>({4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(duties_are_those_of_ones_own_agents_and_of_the_dead) {
  two_nodes n;
  join_first(n);
  const auto a = n.here.claim("a/1");
  const auto b = n.there.claim("b/1");
  n.here.send(a, b.id, 1);
  n.there.send(b, a.id, 1);
  n.there.send(b, desk::id("c/unborn"), 1);
  using names = std::vector<std::string>;
  BOOST_TEST(n.there.duties(from_ms(0)) == names({"b/1", "c/unborn"}), boost::test_tools::per_element());
  BOOST_TEST(n.here.duties(from_ms(0)) == names({"a/1", "b/1", "c/unborn"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_effect_of_a_member_that_lives_is_not_adopted) {
  two_nodes n;
  join_first(n);
  turn_commit t = desk::turn(n.here.claim("a/1"));
  t.effects = {desk::effect("e1")};
  n.here.commit(t);
  const auto refused =
      n.there.ask<effect_row>([&](auto done) { n.second->store().adopt_effect("e1", done); });
  BOOST_TEST((refused.error().what == fault::conflict));
}

BOOST_AUTO_TEST_CASE(members_are_written_by_compare_and_set) {
  postgres_rig rig;
  desk d(rig);
  auto& members = rig.shared().members();
  const auto put = [&](member_row row, milliseconds lease, bool if_expired = false) {
    return d.ask<std::uint64_t>([&](auto done) { members.put(row, lease, if_expired, done); });
  };
  member_row row = member(7, "n7");
  BOOST_TEST(put(row, milliseconds(60'000)).value() == 1u);
  BOOST_TEST((put(row, milliseconds(60'000)).error().what == fault::conflict));
  row.version = 1;
  row.body = "told";
  BOOST_TEST((put(row, {}, true).error().what == fault::conflict)); // its lease has not passed
  BOOST_TEST(put(row, {}).value() == 2u);
  BOOST_TEST((put(row, {}).error().what == fault::conflict));
  const auto renewed = d.ask<lease_grant>([&](auto done) { members.renew(7, milliseconds(5'000), done); });
  BOOST_TEST((renewed->until - renewed->now == milliseconds(5'000)));
  const auto list = d.ask<member_list>([&](auto done) { members.read(done); });
  BOOST_REQUIRE(list->rows.size() == 1u);
  BOOST_TEST(list->rows[0].body == "told");
  BOOST_TEST((list->rows[0].lease_until == renewed->until));
  row.version = 2;
  row.state = member_state::dead;
  put(row, {});
  BOOST_TEST((d.ask<lease_grant>([&](auto done) { members.renew(7, milliseconds(1), done); }).error().what ==
              fault::fenced));
  BOOST_TEST(d.ask<std::size_t>([&](auto done) { members.forget(never, done); }).value() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
