#pragma once

#include "runtime/base/time.hpp"
#include "storage/postgres/wire_array.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pqxx {
class result;
}

namespace troupe::storage::postgres {

/// A statement the server keeps prepared in each session that uses it. `name` is a literal.
struct statement {
  const char* name;
  std::string_view sql;
};

/// The values of $1, $2, … in their binary form.
class parameters {
public:
  parameters& number(std::int64_t value);
  parameters& number(std::uint64_t value) { return number(static_cast<std::int64_t>(value)); }
  parameters& flag(bool value);
  parameters& bytes(std::string_view value);
  parameters& array(wire_array&& values);
  const std::vector<std::string>& values() const noexcept { return values_; }

private:
  std::vector<std::string> values_;
};

/// What a statement returned.
class table {
public:
  explicit table(std::shared_ptr<const pqxx::result> rows);

  std::size_t size() const;
  std::size_t affected() const;
  bool null(std::size_t row, int column) const;
  std::string_view text(std::size_t row, int column) const; // valid while the table lives
  std::string string(std::size_t row, int column) const { return std::string(text(row, column)); }
  std::int64_t number(std::size_t row, int column) const;
  std::uint64_t natural(std::size_t row, int column) const;
  bool flag(std::size_t row, int column) const;
  std::string bytes(std::size_t row, int column) const;
  instant time(std::size_t row, int column) const; // NULL is never

private:
  std::shared_ptr<const pqxx::result> rows_;
};

/// One connection to the server, for one thread. A connection that was lost stays lost: its owner opens
/// another and decides what is sent again. Throws pg_error.
class session {
public:
  /// Limits of its statements. A client that stops in the middle of one must not keep others out for long.
  struct settings {
    std::string conninfo; // URI or key=value list, as libpq reads it
    std::string schema;
    std::string name = "troupe"; // as pg_stat_activity shows it
    milliseconds limit{2'000};   // of statements, of waits for locks, of idling in a transaction
  };

  explicit session(const settings& how);
  ~session();
  session(session&&) noexcept;
  session& operator=(session&&) noexcept;

  /// Carries out one prepared statement; by itself it is a transaction.
  table run(const statement& what, const parameters& with = {});
  /// Any text, several statements too; for set-up and transactions.
  table run(const std::string& sql);

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

/// Rolls back what was not committed.
class transaction {
public:
  explicit transaction(session& on);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;
  void commit();

private:
  session& on_;
  bool open_ = true;
};

} // namespace troupe::storage::postgres
