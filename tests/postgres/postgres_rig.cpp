#include "tests/postgres/postgres_rig.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>

namespace troupe::testing {

test_server& test_server::shared() {
  static test_server one;
  return one;
}

test_server::test_server() {
  // As root the server runs as another user, who must be able to reach its folder.
  std::filesystem::permissions(folder_.path(), std::filesystem::perms(0711));
  auto started = storage::private_server::start(
      {folder_.path() / "pg",
       {"shared_buffers = 64MB", "autovacuum = off", "max_wal_size = 256MB", "deadlock_timeout = 50ms"},
       60});
  BOOST_REQUIRE_MESSAGE(started.has_value(), (started ? "" : started.error().message));
  server_ = std::make_unique<storage::private_server>(std::move(*started));
}

std::string test_server::fresh_schema() {
  static std::atomic<int> last = 0;
  return "test_" + std::to_string(++last);
}

std::string test_server::emptied_schema() {
  const std::string name = "emptied";
  storage::postgres::session on({server_->address(), name, "test", milliseconds(10'000)});
  on.run("DO $$ DECLARE t text; BEGIN FOR t IN SELECT relname FROM pg_class WHERE relnamespace = "
         "to_regnamespace('" +
         name +
         "') AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT IN ('migration', 'store')"
         " LOOP EXECUTE format('DELETE FROM %I', t); END LOOP;"
         " FOR t IN SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('" +
         name + "') AND relkind = 'S' LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', t); END LOOP; END $$");
  return name;
}

postgres_rig::postgres_rig(storage::postgres_options options, test_server& on)
    : on_(on)
    , options_(std::move(options)) {
  options_.server = on_.server().address();
  options_.directory = folder_.path();
  if (options_.schema == storage::postgres_options().schema)
    options_.schema = on_.fresh_schema();
  options_.warn = [this](const std::string& sentence) {
    const std::lock_guard hold(guard_);
    warnings_.push_back(sentence);
  };
  const auto opened = open();
  BOOST_REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
}

postgres_rig::~postgres_rig() { close(); }

std::unique_ptr<postgres_rig> postgres_rig::neighbour() {
  storage::postgres_options same;
  same.schema = options_.schema;
  return std::make_unique<postgres_rig>(same, on_);
}

storage::postgres::session postgres_rig::aside(milliseconds limit) {
  storage::postgres::session::settings how;
  how.conninfo = options_.server;
  how.schema = options_.schema;
  how.name = "test";
  how.limit = limit;
  return storage::postgres::session(how);
}

std::size_t postgres_rig::cut(const std::string& name) {
  auto on = aside();
  return on
      .run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '" + name + "'")
      .size();
}

std::vector<std::string> postgres_rig::warnings() {
  const std::lock_guard hold(guard_);
  return warnings_;
}

result<std::unique_ptr<journal::store>> postgres_rig::open_store() {
  auto opened = storage::open_postgres(options_);
  if (!opened)
    return tl::unexpected(opened.error());
  return std::unique_ptr<journal::store>(std::move(*opened));
}

} // namespace troupe::testing
