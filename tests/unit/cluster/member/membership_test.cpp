#include "cluster/member/membership.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::cluster;
using journal::member_state;

namespace {

/// A member table with a clock of its own, answered at once.
struct table {
  instant now = from_ms(1'000'000);
  std::map<node_epoch, journal::member_row> rows;

  journal::member_list list() const {
    journal::member_list all{now, {}};
    for (const auto& [epoch, row] : rows)
      all.rows.push_back(row);
    return all;
  }
  result<std::uint64_t> put(journal::member_row row, bool if_expired) {
    auto at = rows.find(row.epoch);
    if ((at == rows.end() ? 0 : at->second.version) != row.version)
      return fail(fault::conflict, "changed");
    if (if_expired && at->second.lease_until >= now)
      return fail(fault::conflict, "still runs");
    row.lease_until = at == rows.end() ? now + milliseconds(10'000) : at->second.lease_until;
    ++row.version;
    rows[row.epoch] = row;
    return row.version;
  }
};

/// One membership against the table; the links are the test's.
struct node {
  node(table& t, node_epoch epoch, const std::string& name)
      : store(t)
      , core({}, named(epoch, name)) {}

  static member named(node_epoch epoch, const std::string& name) {
    member m;
    m.epoch = epoch;
    m.node = name;
    return m;
  }

  void work() {
    for (bool more = true; more;) {
      more = false;
      for (auto& action : core.take_actions()) {
        more = true;
        take(action);
      }
    }
  }
  void take(membership_action& action) {
    if (std::holds_alternative<read_members>(action))
      core.members_read(away ? result<journal::member_list>(fail(fault::unavailable, "away")) : store.list(),
                        now);
    if (auto* a = std::get_if<put_member>(&action))
      core.put_done(a->row.epoch, away ? fail(fault::unavailable, "away") : store.put(a->row, a->if_expired),
                    now);
    if (std::holds_alternative<renew_lease>(action))
      renew();
    if (auto* a = std::get_if<send_probe>(&action))
      probes.push_back(*a);
    frozen += std::holds_alternative<freeze_agents>(action);
    thawed += std::holds_alternative<thaw_agents>(action);
    if (auto* a = std::get_if<end_node>(&action))
      ended = a->why;
  }
  void renew() {
    if (away)
      return core.renewed(fail(fault::unavailable, "away"), now, now);
    auto& row = store.rows[core.self().epoch];
    if (!journal::lives(row.state))
      return core.renewed(fail(fault::fenced, "declared dead"), now, now);
    row.lease_until = store.now + milliseconds(10'000);
    core.renewed(journal::lease_grant{store.now, row.lease_until}, now, now);
  }
  void start() {
    core.start(now);
    work();
    core.tick(now); // what the join wrote is there to be read
    work();
  }
  void pass(milliseconds time) {
    now += time;
    core.tick(now);
    work();
  }

  table& store;
  membership core;
  instant now = from_ms(5'000);
  bool away = false; // the store, for this node
  std::vector<send_probe> probes;
  int frozen = 0;
  int thawed = 0;
  std::string ended;
};

/// All of them for that long, in steps, with the probes between those that run carried at once.
void pass(table& t, std::vector<node*> running, milliseconds time) {
  constexpr milliseconds step{100};
  for (auto gone = milliseconds(0); gone < time; gone += step) {
    t.now += step;
    for (auto* n : running)
      n->pass(step);
    for (bool more = true; more;) {
      more = false;
      for (auto* n : running)
        for (auto& p : std::exchange(n->probes, {}))
          for (auto* to : running)
            if (to->core.self().epoch == p.to) {
              more = true;
              to->core.received(n->core.self().epoch, p.what, to->now);
              to->work();
            }
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(membership_tests)

BOOST_AUTO_TEST_CASE(a_node_serves_once_the_table_shows_its_row) {
  table t;
  node a(t, 1, "a");
  a.start();
  BOOST_TEST(a.core.serving());
  BOOST_TEST(a.thawed == 1);
  BOOST_TEST(t.rows.at(1).version == 1u);
}

BOOST_AUTO_TEST_CASE(its_row_says_since_when_by_the_stores_clock) {
  table t;
  node a(t, 1, "a");
  const auto joined = t.now;
  a.start();
  t.now += milliseconds(60'000);
  BOOST_TEST((from_row(t.rows.at(1)).since == joined));
}

BOOST_AUTO_TEST_CASE(it_tries_again_while_the_store_is_away) {
  table t;
  node a(t, 1, "a");
  a.away = true;
  a.start();
  pass(t, {&a}, milliseconds(3'000));
  BOOST_TEST(!a.core.serving());
  a.away = false;
  pass(t, {&a}, milliseconds(2'000));
  BOOST_TEST(a.core.serving());
}

BOOST_AUTO_TEST_CASE(without_renewals_it_freezes_before_its_lease_is_over_and_ends_only_when_declared_dead) {
  table t;
  node a(t, 1, "a");
  a.start();
  a.away = true;
  pass(t, {&a}, milliseconds(6'500));
  BOOST_TEST(a.frozen == 0);
  pass(t, {&a}, milliseconds(1'000));
  BOOST_TEST(a.frozen == 1);
  pass(t, {&a}, milliseconds(60'000));
  BOOST_TEST(a.ended.empty());
  a.away = false;
  pass(t, {&a}, milliseconds(1'000));
  BOOST_TEST(a.core.serving());
  BOOST_TEST(a.thawed == 2);
}

BOOST_AUTO_TEST_CASE(of_three_the_two_others_vote_a_silent_one_dead_within_four_seconds) {
  table t;
  node a(t, 1, "a"), b(t, 2, "b"), c(t, 3, "c");
  for (auto* n : {&a, &b, &c})
    n->start();
  pass(t, {&a, &b, &c}, milliseconds(3'000));
  pass(t, {&a, &b}, milliseconds(4'000));
  BOOST_TEST(static_cast<int>(t.rows.at(3).state) == static_cast<int>(member_state::dead));
  BOOST_TEST(!a.core.lives(3));
  pass(t, {&a, &b, &c}, milliseconds(1'500));
  BOOST_TEST(!c.ended.empty());
}

BOOST_AUTO_TEST_CASE(a_broken_connection_is_as_good_as_three_missed_probes) {
  table t;
  node a(t, 1, "a"), b(t, 2, "b"), c(t, 3, "c");
  for (auto* n : {&a, &b, &c})
    n->start();
  pass(t, {&a, &b, &c}, milliseconds(3'000));
  a.core.link_lost(3, a.now);
  b.core.link_lost(3, b.now);
  pass(t, {&a, &b}, milliseconds(2'000));
  BOOST_TEST(!a.core.lives(3));
}

BOOST_AUTO_TEST_CASE(two_nodes_do_not_vote_and_wait_for_the_lease) {
  table t;
  node a(t, 1, "a"), b(t, 2, "b");
  a.start();
  b.start();
  pass(t, {&a, &b}, milliseconds(12'000));
  pass(t, {&a}, milliseconds(8'000));
  BOOST_TEST(a.core.lives(2));
  pass(t, {&a}, milliseconds(4'000));
  BOOST_TEST(!a.core.lives(2));
}

BOOST_AUTO_TEST_CASE(after_an_outage_nobody_is_declared_dead_before_all_could_renew) {
  table t;
  node a(t, 1, "a"), b(t, 2, "b");
  a.start();
  b.start();
  pass(t, {&a, &b}, milliseconds(12'000));
  a.away = b.away = true;
  pass(t, {&a, &b}, milliseconds(20'000));
  a.away = false;
  pass(t, {&a, &b}, milliseconds(5'000));
  BOOST_TEST(a.core.lives(2));
  b.away = false;
  pass(t, {&a, &b}, milliseconds(20'000));
  BOOST_TEST(a.core.lives(2));
  BOOST_TEST(b.core.serving());
}

BOOST_AUTO_TEST_CASE(a_node_that_comes_back_declares_its_former_self_dead) {
  table t;
  node a(t, 1, "a"), b(t, 2, "b");
  a.start();
  b.start();
  node again(t, 3, "b");
  again.start();
  pass(t, {&a, &again}, milliseconds(1'500));
  BOOST_TEST(!a.core.lives(2));
  BOOST_TEST(a.core.lives(3));
}

BOOST_AUTO_TEST_CASE(a_link_cut_between_two_does_not_count_while_a_third_reaches_both) {
  table t;
  node a(t, 1, "a"), b(t, 2, "b"), c(t, 3, "c");
  for (auto* n : {&a, &b, &c})
    n->start();
  for (int i = 0; i < 100; ++i) {
    t.now += milliseconds(100);
    for (auto* n : {&a, &b, &c})
      n->pass(milliseconds(100));
    for (bool more = true; more;) {
      more = false;
      for (auto* n : {&a, &b, &c})
        for (auto& p : std::exchange(n->probes, {})) {
          auto from = n->core.self().epoch;
          if ((from == 1 && p.to == 2) || (from == 2 && p.to == 1))
            continue;
          auto* to = p.to == 1 ? &a : p.to == 2 ? &b : &c;
          more = true;
          to->core.received(from, p.what, to->now);
          to->work();
        }
    }
  }
  BOOST_TEST(a.core.lives(2));
  BOOST_TEST(b.core.lives(1));
}

BOOST_AUTO_TEST_CASE(an_operator_cordons_another_node) {
  table t;
  node a(t, 1, "a"), b(t, 2, "b");
  a.start();
  b.start();
  pass(t, {&a, &b}, milliseconds(1'500));
  a.core.set_state(2, member_state::cordoned, "tired");
  pass(t, {&a, &b}, milliseconds(2'500));
  BOOST_TEST(static_cast<int>(b.core.self().state) == static_cast<int>(member_state::cordoned));
  BOOST_TEST(b.core.serving());
}

BOOST_AUTO_TEST_CASE(rows_keep_what_others_need_to_know) {
  member m;
  m.epoch = 4;
  m.node = "a";
  m.address = "10.0.0.1:9";
  m.labels = {{"gpu", "true"}};
  m.kinds = {"k"};
  m.votes = {{2, from_ms(7)}};
  auto read = from_row(to_row(m));
  BOOST_TEST(read.address == m.address);
  BOOST_TEST((read.labels == m.labels));
  BOOST_TEST((read.votes == m.votes));
}

BOOST_AUTO_TEST_SUITE_END()
