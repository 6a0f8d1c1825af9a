#pragma once

#include "storage/sqlite/open.hpp"
#include "tests/support/journal_contract.hpp"
#include "tests/support/memory_journal.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/waiting_rig.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace troupe::testing {

/// SQLite, in a temporary folder unless the options name one.
class sqlite_rig final : public waiting_rig {
public:
  explicit sqlite_rig(storage::sqlite_options options = {});
  ~sqlite_rig() override { close(); }
  /// Not opened: the test does that and looks at what comes of it.
  static std::unique_ptr<sqlite_rig> closed(storage::sqlite_options options = {});

  const std::filesystem::path& folder() const noexcept { return options_.directory; }
  storage::sqlite_options& options() noexcept { return options_; }

private:
  struct unopened {};
  sqlite_rig(storage::sqlite_options options, unopened);
  result<std::unique_ptr<journal::store>> open_store() override { return storage::open_sqlite(options_); }

  std::optional<temporary_folder> folder_;
  storage::sqlite_options options_;
};

/// The simulator's store.
class memory_rig final : public journal_rig {
public:
  explicit memory_rig(std::uint64_t seed)
      : store_(seed) {}
  memory_journal& store() override { return store_; }
  void reopen() override;
  void let_work(const std::function<bool()>& done) override;

private:
  memory_journal store_;
};

} // namespace troupe::testing
