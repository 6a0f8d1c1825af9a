#include "storage/postgres/pg_error.hpp"
#include "tests/postgres/postgres_rig.hpp"
#include "tests/postgres/reply_thief.hpp"

#include <boost/test/unit_test.hpp>

namespace {

using namespace troupe;
using namespace troupe::testing;
using namespace troupe::journal;
using desk = journal_desk;
using numbers = std::vector<std::uint64_t>;

constexpr const char* begin_waiting =
    "SELECT 1 FROM pg_stat_activity WHERE application_name = 'troupe writer'"
    " AND wait_event_type = 'Lock'";

turn_commit sending(const loaded_agent& of, const agent_id& to) {
  turn_commit t = desk::turn(of);
  t.puts = {desk::row(row_class::document, "state", "sent")};
  t.outbox = {desk::mail(to, "once")};
  return t;
}

/// A commit whose answer the test waits for later.
struct commit_under_way {
  commit_under_way(postgres_rig& on, turn_commit turn)
      : rig(on) {
    rig.store().commit(std::move(turn), [this](receipt r) {
      answer = std::move(r);
      rig.answered();
    });
  }
  void until_it_waits() {
    auto watcher = rig.aside();
    while (watcher.run(begin_waiting).size() == 0) {
    }
  }
  receipt finish() {
    rig.let_work([&] { return answer.has_value(); });
    return *answer;
  }
  postgres_rig& rig;
  std::optional<receipt> answer;
};

/// A store behind a thief.
struct robbed_store {
  robbed_store() {
    rig.close();
    rig.options().server = thief.address();
    BOOST_REQUIRE(rig.open().has_value());
  }
  postgres_rig rig;
  reply_thief thief{rig.server_socket()};
  desk d{rig};
};

BOOST_AUTO_TEST_SUITE(trouble_with_postgres)

BOOST_AUTO_TEST_CASE(a_commit_whose_answer_was_lost_is_durable_once) {
  robbed_store s;
  const auto a = s.d.claim("a/1");
  const auto b = s.d.claim("b/1");
  s.d.send(a, b.id, 1);
  s.thief.steal_answer_to("once");
  const auto receipt = s.d.commit(sending(a, b.id));
  BOOST_TEST(s.thief.stolen());
  BOOST_TEST((receipt.status == commit_status::durable));
  BOOST_TEST(receipt.numbers == numbers({2}), boost::test_tools::per_element());
  BOOST_TEST(s.d.pending(b.id).rows.size() == 2u);
  BOOST_TEST(s.d.totals().sent == 2u);
  BOOST_TEST(s.d.send(a, b.id, 1) == numbers({3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_claim_whose_answer_was_lost_still_tells_a_newborn) {
  robbed_store s;
  s.d.claim("a/1");
  s.thief.steal_answer_to("newcomer");
  const auto b = s.d.claim("b/newcomer");
  BOOST_TEST(s.thief.stolen());
  BOOST_TEST(b.newborn);
  BOOST_TEST((s.d.commit(sending(b, desk::id("a/1"))).status == commit_status::durable));
}

BOOST_AUTO_TEST_CASE(a_commit_that_was_cut_off_is_sent_again) {
  postgres_rig rig;
  desk d(rig);
  const auto a = d.claim("a/1");
  auto blocker = rig.aside();
  blocker.run("BEGIN; SELECT 1 FROM agent FOR UPDATE");
  commit_under_way commit(rig, sending(a, desk::id("b/1")));
  commit.until_it_waits();
  BOOST_TEST(rig.cut("troupe writer") == 1u);
  blocker.run("COMMIT");
  BOOST_TEST((commit.finish().status == commit_status::durable));
  BOOST_TEST(d.pending(desk::id("b/1")).rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_writer_waits_for_a_server_that_starts_again) {
  test_server own;
  postgres_rig rig({}, own);
  desk d(rig);
  const auto a = d.claim("a/1");
  BOOST_REQUIRE(own.server().stop_at_once().has_value());
  commit_under_way commit(rig, sending(a, desk::id("b/1")));
  BOOST_REQUIRE(own.server().start_again().has_value());
  BOOST_TEST((commit.finish().status == commit_status::durable));
  BOOST_TEST(d.pending(desk::id("b/1")).rows.size() == 1u);
}

BOOST_AUTO_TEST_CASE(people_are_told_that_the_server_is_away_and_a_closed_store_abandons) {
  test_server own;
  storage::postgres_options options;
  options.patience = milliseconds(50);
  postgres_rig rig(options, own);
  desk d(rig);
  const auto a = d.claim("a/1");
  BOOST_REQUIRE(own.server().stop_at_once().has_value());
  commit_under_way commit(rig, sending(a, desk::id("b/1")));
  const auto refused = d.ask<ledger>([&](auto done) { rig.store().totals(done); });
  BOOST_TEST((refused.error().what == fault::unavailable));
  rig.close();
  BOOST_REQUIRE(commit.answer.has_value());
  BOOST_TEST((commit.answer->status == commit_status::failed));
}

// A node that was stopped in the middle of a transaction holds its locks until the server loses patience.
BOOST_AUTO_TEST_CASE(a_stopped_client_keeps_nobody_out_for_long) {
  postgres_rig rig;
  desk d(rig);
  const auto a = d.claim("a/1");
  auto stopped = rig.aside(milliseconds(300));
  stopped.run("BEGIN; SELECT 1 FROM agent FOR SHARE");
  const auto taken = rig.neighbour();
  desk there(*taken);
  BOOST_TEST(there.claim("a/1").epoch == a.epoch + 1);
  BOOST_CHECK_THROW(stopped.run("COMMIT"), storage::postgres::pg_error);
}

BOOST_AUTO_TEST_CASE(a_deadlock_is_tried_again) {
  postgres_rig rig;
  desk d(rig);
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  auto rival = rig.aside(milliseconds(20'000));
  rival.run("SET deadlock_timeout TO '20s'"); // the writer is the one who finds it, and gives way
  rival.run("BEGIN; SELECT 1 FROM agent WHERE birth = " + std::to_string(b.birth) + " FOR UPDATE");
  turn_commit second = desk::turn(b);
  second.puts = {desk::row(row_class::document, "state", "x")};
  std::optional<receipt> last;
  commit_under_way first(rig, sending(a, desk::id("c/1")));
  rig.store().commit(second, [&](receipt r) {
    last = std::move(r);
    rig.answered();
  });
  first.until_it_waits();
  rival.run("SELECT 1 FROM agent WHERE birth = " + std::to_string(a.birth) + " FOR UPDATE");
  rival.run("COMMIT");
  BOOST_TEST((first.finish().status == commit_status::durable));
  rig.let_work([&] { return last.has_value(); });
  BOOST_TEST((last->status == commit_status::durable));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
