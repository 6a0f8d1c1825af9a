#pragma once

#include "runtime/base/time.hpp"

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct sqlite3_stmt;

namespace troupe::storage {

class connection;

/// What a parameter is stored as: bytes of any kind, or readable text.
struct bytes {
  std::string_view value;
};
struct text {
  std::string_view value;
};
/// NULL when empty.
struct maybe_bytes {
  std::optional<std::string_view> value;
};

/// The rows of a query; resets its statement when it goes. One at a time per statement.
class rows {
public:
  explicit rows(sqlite3_stmt* of) noexcept
      : of_(of) {}
  ~rows();
  rows(const rows&) = delete;
  rows& operator=(const rows&) = delete;

  bool next();
  bool is_null(int column) const noexcept;
  std::int64_t number(int column) const noexcept;
  std::uint64_t natural(int column) const noexcept { return static_cast<std::uint64_t>(number(column)); }
  instant time(int column) const noexcept; // never, when NULL
  /// Valid until `next`.
  std::string_view view(int column) const noexcept;
  std::string string(int column) const { return std::string(view(column)); }

private:
  sqlite3_stmt* of_;
};

/// A prepared statement; parameters are bound by position. Throws sql_error.
class statement {
public:
  statement(connection& on, std::string_view sql);

  /// Runs to the end; returns the rows touched.
  template<class... Values>
  std::int64_t run(const Values&... values) {
    int position = 0;
    (bind(++position, values), ...);
    return finish();
  }

  /// The values must live as long as the rows.
  template<class... Values>
  rows query(const Values&... values) {
    int position = 0;
    (bind(++position, values), ...);
    return rows(raw_.get());
  }

private:
  void bind(int at, std::int64_t value);
  template<std::unsigned_integral T>
  void bind(int at, T value) {
    bind(at, static_cast<std::int64_t>(value));
  }
  void bind(int at, bytes value);
  void bind(int at, text value);
  void bind(int at, maybe_bytes value);
  void bind(int at, instant value); // NULL for never
  void bind(int at, std::nullopt_t);
  template<class T>
  void bind(int at, const std::optional<T>& value) {
    value ? bind(at, *value) : bind(at, std::nullopt);
  }
  std::int64_t finish();

  struct finalizer {
    void operator()(sqlite3_stmt* s) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, finalizer> raw_;
};

} // namespace troupe::storage
