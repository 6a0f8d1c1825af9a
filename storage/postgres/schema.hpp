#pragma once

#include "config/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace troupe::storage::postgres {

class session;

/// A step of the schema, applied in a transaction of its own. Released steps never change: add one.
struct migration {
  std::string_view sql;
};

/// All steps, oldest first. The schema version of a store is the number of steps it has seen.
std::span<const migration> migrations();

/// How many steps the store has seen; 0: it is new. A store from a newer build is refused.
result<std::size_t> schema_version(session& on, std::span<const migration> steps);

/// Brings the store forward to the last of `steps`. Nodes that start together do it one after the other.
result<void> migrate(session& on, const std::string& schema, std::span<const migration> steps);

/// Every column that can name a blob. The sweep removes a blob only if none of these does; a test compares
/// the list with the schema.
struct payload_column {
  std::string_view table;
  std::string_view column;
};
std::span<const payload_column> payload_columns();

/// Makes sure that the months around now have a partition of the history each.
void make_partitions(session& on);

} // namespace troupe::storage::postgres
