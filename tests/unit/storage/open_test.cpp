#include "storage/sqlite/checked_vfs.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/schema.hpp"
#include "storage/sqlite/sql_error.hpp"
#include "storage/sqlite/statement.hpp"
#include "tests/unit/storage/store_rigs.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sqlite3.h>

namespace {

using namespace troupe;
using namespace troupe::testing;
using storage::connection;

/// The database as a program sees it that knows nothing of Troupe: SQLite with its own file layer.
class stranger {
public:
  explicit stranger(const std::filesystem::path& folder) {
    BOOST_REQUIRE(sqlite3_open((folder / "troupe.db").c_str(), &db_) == SQLITE_OK);
  }
  ~stranger() { sqlite3_close(db_); }
  stranger(const stranger&) = delete;
  stranger& operator=(const stranger&) = delete;

  /// Rows joined by ';', or the error.
  std::string run(const char* sql) {
    std::string out;
    const auto collect = [](void* to, int columns, char** values, char**) {
      for (int i = 0; i < columns; ++i)
        *static_cast<std::string*>(to) += std::string(i > 0 ? "|" : "") + (values[i] ? values[i] : "NULL");
      *static_cast<std::string*>(to) += ";";
      return 0;
    };
    char* problem = nullptr;
    if (sqlite3_exec(db_, sql, collect, &out, &problem) != SQLITE_OK)
      out = problem;
    sqlite3_free(problem);
    return out;
  }

private:
  sqlite3* db_ = nullptr;
};

void put(journal_desk& desk, const std::string& agent, const std::string& body) {
  auto t = journal_desk::turn(desk.claim(agent));
  t.puts = {journal_desk::row(journal::row_class::document, "state", body)};
  desk.commit(t);
}

/// Our own connection to a closed store's database.
struct inside {
  explicit inside(const std::filesystem::path& folder)
      : db(folder / "troupe.db", vfs, storage::access::read_write, 1'000) {}
  storage::checked_vfs vfs{nullptr};
  connection db;
};

void copy_files(const std::filesystem::path& from, const std::filesystem::path& to) {
  for (const char* name : {"troupe.db", "troupe.db-wal", "commit.no"})
    if (std::filesystem::exists(from / name))
      std::filesystem::copy_file(from / name, to / name, std::filesystem::copy_options::overwrite_existing);
}

BOOST_AUTO_TEST_SUITE(opening)

BOOST_AUTO_TEST_CASE(a_second_process_is_refused_and_told_who_was_first) {
  sqlite_rig first;
  std::ofstream(first.folder() / "node.json") << R"({"pid": 4711, "url": "http://127.0.0.1:7070"})";
  const auto second = storage::open_sqlite(first.options());
  BOOST_REQUIRE(!second.has_value());
  BOOST_TEST((second.error().what == fault::conflict));
  BOOST_TEST(second.error().message.find("process 4711") != std::string::npos, second.error().message);
}

BOOST_AUTO_TEST_CASE(a_newer_schema_is_refused) {
  sqlite_rig rig;
  rig.close();
  inside(rig.folder()).db.execute("PRAGMA user_version=1000");
  const auto refused = rig.open();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::refused));
  BOOST_TEST(refused.error().message.find("1000") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_older_schema_is_brought_forward) {
  temporary_folder folder;
  inside db(folder.path());
  const std::vector<storage::migration> first = {{"CREATE TABLE t(x)"}};
  const std::vector<storage::migration> both = {{"CREATE TABLE t(x)"}, {"INSERT INTO t VALUES(2)"}};
  BOOST_REQUIRE(storage::migrate(db.db, first).has_value());
  BOOST_REQUIRE(storage::migrate(db.db, both).has_value());
  BOOST_REQUIRE(storage::migrate(db.db, both).has_value());
  BOOST_TEST(db.db.number("SELECT sum(x) FROM t") == 2);
  BOOST_TEST(db.db.number("PRAGMA user_version") == 2);
}

BOOST_AUTO_TEST_CASE(a_migration_that_fails_leaves_the_database_as_it_was) {
  temporary_folder folder;
  inside db(folder.path());
  const std::vector<storage::migration> broken = {{"CREATE TABLE t(x)"}, {"CREATE TABLE u(x); nonsense"}};
  BOOST_CHECK_THROW((void)storage::migrate(db.db, broken), storage::sql_error);
  BOOST_TEST(db.db.number("PRAGMA user_version") == 1);
  BOOST_TEST(db.db.number("SELECT count(*) FROM sqlite_schema WHERE name = 'u'") == 0);
}

BOOST_AUTO_TEST_CASE(every_column_that_can_name_a_blob_is_on_the_sweeps_list) {
  temporary_folder folder;
  inside db(folder.path());
  BOOST_REQUIRE(storage::migrate(db.db, storage::migrations()).has_value());
  std::set<std::string> in_schema;
  storage::statement columns(
      db.db, "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c"
             " WHERE t.type = 'table' AND c.name LIKE '%blob'");
  auto row = columns.query();
  while (row.next())
    in_schema.insert(row.string(0));
  std::set<std::string> on_list;
  for (const auto& p : storage::payload_columns())
    on_list.insert(std::string(p.table) + "." + std::string(p.column));
  BOOST_TEST(in_schema == on_list, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_database_behind_what_it_acknowledged_is_refused) {
  sqlite_rig rig;
  journal_desk desk(rig);
  temporary_folder copy;
  put(desk, "a/1", "old");
  rig.close();
  copy_files(rig.folder(), copy.path());
  rig.reopen();
  put(desk, "a/1", "new");
  rig.close();
  std::filesystem::copy_file(copy.path() / "troupe.db", rig.folder() / "troupe.db",
                             std::filesystem::copy_options::overwrite_existing);
  const auto refused = rig.open();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::corrupt));
  BOOST_TEST(refused.error().hint.find("--accept-store-loss") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_accepted_loss_goes_on_above_the_lost_numbers) {
  sqlite_rig rig;
  journal_desk desk(rig);
  put(desk, "a/1", "old");
  rig.close();
  temporary_folder copy;
  copy_files(rig.folder(), copy.path());
  rig.reopen();
  put(desk, "a/1", "new");
  const auto commits = desk.totals().commits;
  rig.close();
  std::filesystem::copy_file(copy.path() / "troupe.db", rig.folder() / "troupe.db",
                             std::filesystem::copy_options::overwrite_existing);
  rig.options().accept_loss = true;
  BOOST_REQUIRE(rig.open().has_value());
  BOOST_TEST(desk.rows("a/1", journal::row_class::document) == "state=old");
  BOOST_TEST(desk.totals().commits > commits);
  rig.options().accept_loss = false;
  rig.reopen();
}

BOOST_AUTO_TEST_CASE(a_database_that_is_gone_is_not_begun_anew) {
  sqlite_rig rig;
  rig.close();
  std::filesystem::remove(rig.folder() / "troupe.db");
  const auto refused = rig.open();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::corrupt));
}

BOOST_AUTO_TEST_CASE(the_side_file_of_another_database_is_refused) {
  sqlite_rig rig;
  sqlite_rig other;
  rig.close();
  other.close();
  std::filesystem::copy_file(other.folder() / "commit.no", rig.folder() / "commit.no",
                             std::filesystem::copy_options::overwrite_existing);
  const auto refused = rig.open();
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::corrupt));
}

BOOST_AUTO_TEST_CASE(a_missing_side_file_is_a_warning) {
  std::string warned;
  storage::sqlite_options options;
  options.warn = [&](const std::string& what) { warned += what; };
  sqlite_rig rig(options);
  BOOST_TEST(warned == "");
  rig.close();
  std::filesystem::remove(rig.folder() / "commit.no");
  rig.reopen();
  BOOST_TEST(warned.find("commit.no") != std::string::npos);
  BOOST_TEST(std::filesystem::exists(rig.folder() / "commit.no"));
}

BOOST_AUTO_TEST_CASE(a_stranger_reads_the_store_while_it_works) {
  sqlite_rig rig;
  journal_desk desk(rig);
  put(desk, "@acme/a/1", "hello");
  stranger shell(rig.folder());
  BOOST_TEST(shell.run("SELECT agent, class, key, body FROM rows") == "@acme/a/1|document|state|hello;");
  BOOST_TEST(
      shell.run("SELECT count(*) FROM pending UNION ALL SELECT count(*) FROM marks"
                " UNION ALL SELECT count(*) FROM history UNION ALL SELECT count(*) FROM dead_letters") ==
      "0;0;0;0;");
  BOOST_TEST(shell.run("PRAGMA integrity_check") == "ok;");
}

BOOST_AUTO_TEST_CASE(a_stranger_cannot_write) {
  sqlite_rig rig;
  journal_desk desk(rig);
  put(desk, "a/1", "hello");
  stranger shell(rig.folder());
  BOOST_TEST(shell.run("DELETE FROM row") == "attempt to write a readonly database");
  BOOST_TEST(desk.rows("a/1", journal::row_class::document) == "state=hello");
}

BOOST_AUTO_TEST_CASE(a_stranger_that_empties_the_log_of_a_killed_store_does_no_harm) {
  sqlite_rig rig;
  journal_desk desk(rig);
  put(desk, "a/1", "in the log only");
  temporary_folder killed;
  copy_files(rig.folder(), killed.path());
  BOOST_TEST(stranger(killed.path()).run("SELECT count(*) FROM agents") ==
             "1;"); // closing it moves the pages
  BOOST_TEST(!std::filesystem::exists(killed.path() / "troupe.db-wal"));
  storage::sqlite_options options;
  options.directory = killed.path();
  sqlite_rig again(options);
  journal_desk there(again);
  BOOST_TEST(there.rows("a/1", journal::row_class::document) == "state=in the log only");
}

BOOST_AUTO_TEST_CASE(a_store_killed_again_and_again_keeps_its_log) {
  auto folder = std::make_unique<temporary_folder>();
  for (int i = 0; i < 5; ++i) {
    storage::sqlite_options options;
    options.directory = folder->path();
    sqlite_rig rig(options);
    journal_desk desk(rig);
    put(desk, "a/" + std::to_string(i), "x");
    auto next = std::make_unique<temporary_folder>();
    copy_files(folder->path(), next->path());
    rig.close();
    folder = std::move(next);
  }
  storage::sqlite_options options;
  options.directory = folder->path();
  sqlite_rig rig(options);
  journal_desk desk(rig);
  BOOST_TEST(desk.rows("a/0", journal::row_class::document) == "state=x");
  BOOST_TEST(desk.rows("a/4", journal::row_class::document) == "state=x");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
