#include "storage/sqlite/checked_vfs.hpp"
#include "storage/sqlite/connection.hpp"
#include "tests/unit/storage/store_rigs.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <string_view>

// What comes and goes must leave nothing behind. `-- million` on the command line runs the full number.

namespace {

using namespace troupe;
using namespace troupe::testing;

constexpr int at_a_time = 1'000;
const instant now = from_ms(1'000);

int short_lived() {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  const bool all = suite.argc > 1 && std::string_view(suite.argv[suite.argc - 1]) == "million";
  return all ? 1'000'000 : 100'000;
}

/// Many agents at once: hands everything in, then waits for the last.
class crowd {
public:
  crowd(journal_desk& desk, int first)
      : desk_(desk) {
    std::vector<std::optional<journal::loaded_agent>> found(at_a_time);
    for (int i = 0; i < at_a_time; ++i)
      desk_.store().claim(
          journal_desk::id("short/" + std::to_string(first + i)), true,
          [&, i](result<journal::loaded_agent> r) { found[static_cast<std::size_t>(i)] = *r; });
    last_write_done();
    for (auto& agent : found)
      members.push_back(*agent);
  }

  /// Every member sends one message to `to`.
  void send(const agent_id& to) {
    std::vector<journal::turn_commit> turns;
    for (const auto& m : members) {
      turns.push_back(journal_desk::turn(m));
      turns.back().outbox = {journal_desk::mail(to, "message")};
    }
    desk_.commit_together(std::move(turns));
  }

  /// Every member applies the one message `sender` sent it.
  void apply(std::uint64_t sender) {
    std::vector<journal::turn_commit> turns;
    for (const auto& m : members) {
      turns.push_back(journal_desk::turn(m));
      turns.back().marks = {{sender, lane::mail, 0, 1}};
      turns.back().applied = 1;
    }
    desk_.commit_together(std::move(turns));
  }

  void purge() {
    for (const auto& m : members)
      desk_.store().purge(m.id, now, [this](result<bool> r) { purged_ += r.has_value() ? 1 : 0; });
    last_write_done();
    BOOST_REQUIRE(purged_ == at_a_time);
  }

  std::vector<journal::loaded_agent> members;

private:
  /// Writes are answered in order: whatever was handed in before has been answered too.
  void last_write_done() {
    desk_.ask<bool>([&](auto done) { desk_.store().mark_replayed("none", done); });
  }

  journal_desk& desk_;
  std::atomic<int> purged_ = 0;
};

void sweep(journal_desk& desk) {
  desk.ask<std::size_t>([&](auto done) { desk.store().sweep({}, {}, {}, 2 * at_a_time, done); });
}

struct leftovers {
  std::int64_t agents = 0;
  std::int64_t marks = 0;
  std::int64_t rows = 0;
  std::uintmax_t bytes = 0;
};

leftovers left_in(sqlite_rig& rig) {
  rig.close();
  const storage::checked_vfs vfs(nullptr);
  storage::connection db(rig.folder() / "troupe.db", vfs, storage::access::read_write, 1'000);
  leftovers left;
  left.agents = db.number("SELECT count(*) FROM agent");
  left.marks = db.number("SELECT count(*) FROM mark");
  left.rows = db.number("SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM row)");
  left.bytes = std::filesystem::file_size(rig.folder() / "troupe.db");
  return left;
}

BOOST_AUTO_TEST_SUITE(small_store)

BOOST_AUTO_TEST_CASE(short_lived_senders_through_one_agent_leave_the_store_small) {
  sqlite_rig rig;
  journal_desk desk(rig);
  const auto hub = desk.claim("hub/1");
  for (int done = 0; done < short_lived(); done += at_a_time) {
    crowd senders(desk, done);
    senders.send(hub.id);
    auto t = journal_desk::turn(hub);
    for (const auto& m : senders.members)
      t.marks.push_back({m.birth, lane::mail, 0, 1});
    t.applied = at_a_time;
    BOOST_REQUIRE((desk.commit(t).status == journal::commit_status::durable));
    senders.purge();
    sweep(desk);
  }
  const auto left = left_in(rig);
  BOOST_TEST(left.agents == 1);
  BOOST_TEST(left.marks <= 2 * at_a_time);
  BOOST_TEST(left.rows == 0);
  BOOST_TEST(left.bytes < 2'000'000u);
}

BOOST_AUTO_TEST_CASE(short_lived_receivers_of_one_agent_leave_the_store_small) {
  sqlite_rig rig;
  journal_desk desk(rig);
  const auto hub = desk.claim("hub/1");
  for (int done = 0; done < short_lived(); done += at_a_time) {
    crowd receivers(desk, done);
    auto t = journal_desk::turn(hub);
    for (const auto& m : receivers.members)
      t.outbox.push_back(journal_desk::mail(m.id, "message"));
    BOOST_REQUIRE((desk.commit(t).status == journal::commit_status::durable));
    receivers.apply(hub.birth);
    receivers.purge();
  }
  const auto left = left_in(rig);
  BOOST_TEST(left.agents == 1);
  BOOST_TEST(left.marks == 0);
  BOOST_TEST(left.rows == 0);
  BOOST_TEST(left.bytes < 2'000'000u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
