#include "storage/postgres/schema.hpp"
#include "tests/postgres/postgres_rig.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace {

using namespace troupe;
using namespace troupe::testing;
using namespace troupe::journal;
using desk = journal_desk;
namespace fs = std::filesystem;

fault opening(postgres_rig& rig) {
  rig.close();
  const auto opened = rig.open();
  BOOST_REQUIRE(!opened.has_value());
  return opened.error().what;
}

/// The files of a stopped server, to be put back later.
class copied_server {
public:
  explicit copied_server(test_server& of)
      : of_(of)
      , from_(of.folder() / "pg" / "data")
      , to_(of.folder() / "copy") {
    BOOST_REQUIRE(of_.server().stop().has_value());
    copy(from_, to_);
    BOOST_REQUIRE(of_.server().start_again().has_value());
  }
  void put_back() {
    BOOST_REQUIRE(of_.server().stop_at_once().has_value());
    fs::remove_all(from_);
    copy(to_, from_);
    BOOST_REQUIRE(of_.server().start_again().has_value());
  }

private:
  static void copy(const fs::path& from, const fs::path& to) {
    const std::string command = "cp -a " + from.string() + " " + to.string();
    BOOST_REQUIRE(std::system(command.c_str()) == 0);
  }
  test_server& of_;
  fs::path from_;
  fs::path to_;
};

BOOST_AUTO_TEST_SUITE(opening_postgres)

BOOST_AUTO_TEST_CASE(a_store_that_went_back_in_time_is_refused_until_the_loss_is_accepted) {
  test_server own;
  postgres_rig rig({}, own);
  desk d(rig);
  d.claim("a/1");
  rig.close();
  copied_server before(own);
  BOOST_REQUIRE(rig.open().has_value());
  const auto lost = d.claim("b/1");
  rig.close();
  before.put_back();
  BOOST_TEST((opening(rig) == fault::corrupt));
  rig.options().accept_loss = true;
  BOOST_REQUIRE(rig.open().has_value());
  const auto warned = rig.warnings();
  BOOST_TEST(std::any_of(warned.begin(), warned.end(),
                         [](const auto& w) { return w.find("are lost") != std::string::npos; }));
  BOOST_TEST(d.claim("c/1").birth > lost.birth);
  rig.options().accept_loss = false;
  rig.reopen();
  BOOST_TEST(!d.claim("a/1").newborn);
}

BOOST_AUTO_TEST_CASE(a_running_node_stops_when_its_store_goes_back_in_time) {
  test_server own;
  storage::postgres_options options;
  std::atomic<bool> died = false;
  options.died = [&](const error& why) { died = why.what == fault::corrupt; };
  postgres_rig rig(options, own);
  desk d(rig);
  const auto a = d.claim("a/1");
  copied_server before(own);
  turn_commit t = desk::turn(a);
  t.puts = {desk::row(row_class::document, "state", "acknowledged")};
  BOOST_TEST((d.commit(t).status == commit_status::durable));
  before.put_back();
  BOOST_TEST((d.commit(t).status == commit_status::failed));
  BOOST_TEST(died);
}

BOOST_AUTO_TEST_CASE(a_server_that_may_lose_what_it_acknowledged_is_refused) {
  test_server own;
  postgres_rig rig({}, own);
  rig.close();
  for (const char* setting : {"fsync", "full_page_writes"}) {
    auto on = rig.aside();
    on.run("ALTER SYSTEM SET " + std::string(setting) + " TO off");
    on.run("SELECT pg_reload_conf()");
    while (rig.aside().run("SHOW " + std::string(setting)).text(0, 0) != "off") {
    }
    BOOST_TEST((opening(rig) == fault::refused));
    on.run("ALTER SYSTEM RESET " + std::string(setting));
    on.run("SELECT pg_reload_conf()");
    while (rig.aside().run("SHOW " + std::string(setting)).text(0, 0) != "on") {
    }
  }
  BOOST_TEST(rig.open().has_value());
}

/// As while another node makes what is missing: the server ends that session, and with it its lock, long
/// after the first try was cut short.
BOOST_AUTO_TEST_CASE(a_node_that_opens_the_store_outwaits_others_that_do) {
  postgres_rig rig;
  rig.close();
  rig.options().statement_limit = milliseconds(200);
  auto other = rig.aside(milliseconds(1'000));
  other.run("BEGIN");
  other.run("LOCK TABLE writer IN ACCESS EXCLUSIVE MODE");
  BOOST_TEST(rig.open().has_value());
}

BOOST_AUTO_TEST_CASE(a_store_is_examined_without_being_changed) {
  postgres_rig rig;
  rig.close();
  const auto sound = storage::examine_postgres(rig.options());
  BOOST_TEST(sound.value().find("store in schema") != std::string::npos);
  rig.aside().run("UPDATE writer SET commits = 0");
  BOOST_TEST((storage::examine_postgres(rig.options()).error().what == fault::corrupt));
  rig.options().schema = "nothing_here";
  BOOST_TEST(storage::examine_postgres(rig.options()).value().find("no store yet") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused) {
  postgres_rig rig;
  rig.aside().run("INSERT INTO migration(step) VALUES(1000)");
  BOOST_TEST((opening(rig) == fault::refused));
}

BOOST_AUTO_TEST_CASE(another_store_under_the_same_address_is_refused) {
  postgres_rig rig;
  rig.aside().run("UPDATE store SET id = id + 1");
  BOOST_TEST((opening(rig) == fault::corrupt));
}

BOOST_AUTO_TEST_CASE(a_server_that_is_not_there_is_unavailable) {
  postgres_rig rig;
  rig.options().server = "host=/nowhere dbname=postgres user=troupe";
  BOOST_TEST((opening(rig) == fault::unavailable));
}

BOOST_AUTO_TEST_CASE(every_column_that_can_name_a_blob_is_on_the_list) {
  postgres_rig rig;
  const auto found = rig.aside().run(
      "SELECT table_name::text, column_name::text FROM information_schema.columns JOIN pg_class ON"
      " pg_class.oid = (quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass"
      " WHERE table_schema = current_schema() AND NOT relispartition AND relkind <> 'v'"
      " AND (column_name = 'blob' OR column_name LIKE '%\\_blob') ORDER BY 1, 2");
  std::vector<std::string> stored;
  for (std::size_t i = 0; i < found.size(); ++i)
    stored.push_back(found.string(i, 0) + "." + found.string(i, 1));
  std::vector<std::string> listed;
  for (const auto& p : storage::postgres::payload_columns())
    listed.push_back(std::string(p.table) + "." + std::string(p.column));
  std::sort(listed.begin(), listed.end());
  BOOST_TEST(stored == listed, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(history_of_this_month_lies_in_a_partition_of_its_own) {
  postgres_rig rig;
  desk d(rig);
  turn_commit t = desk::turn(d.claim("a/1"));
  const auto now = std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
  t.events = {desk::event("recent", to_ms(now)), desk::event("ancient", 5)};
  d.commit(t);
  const auto where = rig.aside().run("SELECT kind, tableoid::regclass::text FROM event ORDER BY kind");
  BOOST_REQUIRE(where.size() == 2u);
  BOOST_TEST(where.string(0, 1) == "event_other");
  BOOST_TEST(where.string(1, 1).starts_with("event_20"));
}

BOOST_AUTO_TEST_CASE(a_private_server_that_runs_already_is_used) {
  test_server own;
  const int pid = own.server().pid();
  auto again = storage::private_server::start({own.folder() / "pg", {}, 60});
  BOOST_REQUIRE(again.has_value());
  BOOST_TEST(again->pid() == pid);
  again->leave_running();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
