#pragma once

#include "config/result.hpp"

#include <span>
#include <string>
#include <string_view>

namespace troupe::storage {

class connection;

/// A step of the schema, applied in a transaction of its own. Released steps never change: add one.
struct migration {
  std::string_view sql;
};

/// All steps, oldest first. The schema version of a database is the number of steps it has seen.
std::span<const migration> migrations();

/// How many steps the database has seen; 0: it is new. A database from a newer build is refused.
result<std::size_t> schema_version(connection& db, std::span<const migration> steps);

/// Brings the database forward to the last of `steps`.
result<void> migrate(connection& db, std::span<const migration> steps);

/// Every column that can name a blob. The sweep removes a blob only if none of these does; a test compares
/// the list with the schema.
struct payload_column {
  std::string_view table;
  std::string_view column;
};
std::span<const payload_column> payload_columns();

} // namespace troupe::storage
