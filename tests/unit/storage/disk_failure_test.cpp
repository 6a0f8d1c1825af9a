#include "tests/unit/storage/disk_model.hpp"
#include "tests/unit/storage/store_rigs.hpp"

#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <sqlite3.h>

namespace {

using namespace troupe;
using namespace troupe::testing;
using journal::commit_status;
using storage::disk_file;

constexpr std::chrono::seconds patience{60};

/// A store on a disk that can fail, and what it says when it dies.
struct failing_store {
  failing_store() {
    storage::sqlite_options options;
    options.disk = &disk;
    options.checkpoint_bytes = 50'000;
    options.died = [this](const error& why) {
      const std::lock_guard hold(mutex);
      deaths.push_back(why);
      died.notify_all();
    };
    rig = std::make_unique<sqlite_rig>(options);
    desk = std::make_unique<journal_desk>(*rig);
    agent = desk->claim("a/1");
  }

  journal::receipt write(const std::string& body) {
    auto t = journal_desk::turn(agent);
    t.puts = {journal_desk::row(journal::row_class::document, "state", body)};
    return desk->commit(t);
  }

  /// Writes until the store dies, or gives up.
  void write_until_dead() {
    for (int i = 0; i < 10'000; ++i)
      if (write(std::string(4'000, 'x')).status == commit_status::failed)
        return;
  }

  std::vector<error> all_deaths() {
    const std::lock_guard hold(mutex);
    return deaths;
  }

  failing_disk disk;
  std::mutex mutex;
  std::condition_variable died;
  std::vector<error> deaths;
  std::unique_ptr<sqlite_rig> rig;
  std::unique_ptr<journal_desk> desk;
  journal::loaded_agent agent;
};

BOOST_AUTO_TEST_SUITE(disk_failure)

BOOST_AUTO_TEST_CASE(after_a_failed_sync_nothing_is_acknowledged_any_more) {
  failing_store s;
  s.write("kept");
  s.disk.fail_sync(disk_file::wal, 0, SQLITE_IOERR_FSYNC);
  const auto refused = s.write("never promised");
  s.disk.heal();
  BOOST_TEST((refused.status == commit_status::failed));
  BOOST_TEST(refused.why.find("disk failed") != std::string::npos, refused.why);
  BOOST_TEST((s.write("nor this").status == commit_status::failed));
  BOOST_TEST(!s.desk->ask<bool>([&](auto done) { s.desk->store().purge(s.agent.id, {}, done); }).has_value());
}

BOOST_AUTO_TEST_CASE(a_dying_store_says_so_once) {
  failing_store s;
  s.disk.fail_sync(disk_file::wal, 0, SQLITE_IOERR_FSYNC);
  s.write("x");
  s.write("y");
  BOOST_REQUIRE(s.all_deaths().size() == 1u);
  BOOST_TEST((s.all_deaths()[0].what == fault::unavailable));
}

BOOST_AUTO_TEST_CASE(a_dead_store_still_answers_questions) {
  failing_store s;
  s.write("kept");
  s.disk.fail_sync(disk_file::wal, 0, SQLITE_IOERR_FSYNC);
  s.write("lost");
  BOOST_TEST(s.desk->rows("a/1", journal::row_class::document) == "state=kept");
}

BOOST_AUTO_TEST_CASE(what_was_acknowledged_before_a_failed_sync_is_there_afterwards) {
  failing_store s;
  s.write("kept");
  s.disk.fail_sync(disk_file::wal, 0, SQLITE_IOERR_FSYNC);
  s.write("unknown");
  s.disk.heal();
  s.rig->reopen();
  const auto found = s.desk->rows("a/1", journal::row_class::document);
  BOOST_TEST((found == "state=kept" || found == "state=unknown"), found);
  BOOST_TEST((s.desk->claim("a/1").epoch == 2u));
}

BOOST_AUTO_TEST_CASE(a_full_disk_stops_acknowledgements_and_is_named) {
  failing_store s;
  s.write("kept");
  s.disk.fail_writes(SQLITE_FULL);
  BOOST_TEST((s.write("no room").status == commit_status::failed));
  BOOST_REQUIRE(s.all_deaths().size() == 1u);
  BOOST_TEST((s.all_deaths()[0].what == fault::full));
  s.disk.heal();
  s.rig->reopen();
  BOOST_TEST(s.desk->rows("a/1", journal::row_class::document) == "state=kept");
}

BOOST_AUTO_TEST_CASE(a_failed_sync_of_the_main_file_stops_the_store_too) {
  failing_store s;
  s.write("kept");
  s.disk.fail_sync(disk_file::database, 0, SQLITE_IOERR_FSYNC);
  s.write_until_dead();
  std::unique_lock hold(s.mutex);
  BOOST_REQUIRE(s.died.wait_for(hold, patience, [&] { return !s.deaths.empty(); }));
  BOOST_TEST((s.deaths[0].what == fault::unavailable));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
