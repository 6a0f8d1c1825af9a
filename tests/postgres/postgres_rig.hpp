#pragma once

#include "storage/postgres/open.hpp"
#include "storage/postgres/private_server.hpp"
#include "storage/postgres/session.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/waiting_rig.hpp"

#include <filesystem>
#include <mutex>
#include <string>
#include <vector>

namespace troupe::testing {

/// A PostgreSQL for this test program, with its files in memory; stopped when the program ends.
class test_server {
public:
  static test_server& shared();
  /// One of its own, for tests that stop and damage it.
  test_server();

  storage::private_server& server() { return *server_; }
  const std::filesystem::path& folder() const { return folder_.path(); }
  /// A store is a schema: no two tests share one.
  std::string fresh_schema();
  /// One that is used again, emptied: making some twenty tables is most of the work of most tests.
  std::string emptied_schema();

private:
  temporary_folder folder_;
  std::unique_ptr<storage::private_server> server_;
};

/// One node's store.
class postgres_rig : public waiting_rig {
public:
  explicit postgres_rig(storage::postgres_options options = {}, test_server& on = test_server::shared());
  ~postgres_rig() override;
  /// Another node on the same store.
  std::unique_ptr<postgres_rig> neighbour();

  storage::postgres_options& options() noexcept { return options_; }
  journal::shared_store& shared() { return static_cast<journal::shared_store&>(store()); }
  /// A session beside the store's own, in its schema.
  storage::postgres::session aside(milliseconds limit = milliseconds(10'000));
  /// The server ends the connections with this application name; answers how many.
  std::size_t cut(const std::string& name);
  std::vector<std::string> warnings();
  std::filesystem::path server_socket() const { return on_.folder() / "pg" / ".s.PGSQL.5432"; }

private:
  result<std::unique_ptr<journal::store>> open_store() override;

  test_server& on_;
  temporary_folder folder_;
  storage::postgres_options options_;
  std::mutex guard_;
  std::vector<std::string> warnings_;
};

} // namespace troupe::testing
