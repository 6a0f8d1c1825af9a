#pragma once

#include "storage/sqlite/statement.hpp"

#include <cstdint>

namespace troupe::storage {

/// The one row of table `store`, as the writer holds it; written once per group.
struct counters {
  std::uint64_t store_id = 0;
  std::uint64_t node_epoch = 0;
  std::uint64_t commits = 0;
  std::uint64_t births = 0;
  std::uint64_t events = 0;
  std::uint64_t sent = 0;
  std::uint64_t applied = 0;
  std::uint64_t skipped = 0;
  std::uint64_t dead_lettered = 0;
};

class counter_table {
public:
  explicit counter_table(connection& db);

  /// All zero when the store is new.
  counters load();
  void save(const counters& now);

private:
  statement select_;
  statement replace_;
};

} // namespace troupe::storage
