#include "storage/sqlite/statement.hpp"

#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/sql_error.hpp"

#include <sqlite3.h>

namespace troupe::storage {
namespace {

[[noreturn]] void raise(sqlite3_stmt* of, int code) {
  const std::string message = sqlite3_errmsg(sqlite3_db_handle(of));
  sqlite3_reset(of);
  throw sql_error(code, message);
}

void check(sqlite3_stmt* of, int code) {
  if (code != SQLITE_OK)
    raise(of, code);
}

} // namespace

rows::~rows() { sqlite3_reset(of_); }

bool rows::next() {
  const int rc = sqlite3_step(of_);
  if (rc != SQLITE_ROW && rc != SQLITE_DONE)
    raise(of_, rc);
  return rc == SQLITE_ROW;
}

bool rows::is_null(int column) const noexcept { return sqlite3_column_type(of_, column) == SQLITE_NULL; }

std::int64_t rows::number(int column) const noexcept { return sqlite3_column_int64(of_, column); }

instant rows::time(int column) const noexcept { return is_null(column) ? never : from_ms(number(column)); }

std::string_view rows::view(int column) const noexcept {
  const auto* at = static_cast<const char*>(sqlite3_column_blob(of_, column));
  return {at, static_cast<std::size_t>(sqlite3_column_bytes(of_, column))};
}

statement::statement(connection& on, std::string_view sql) {
  sqlite3_stmt* raw = nullptr;
  const int rc = sqlite3_prepare_v3(on.handle(), sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  raw_.reset(raw);
  if (rc != SQLITE_OK)
    throw sql_error(rc, sqlite3_errmsg(on.handle()));
}

void statement::finalizer::operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }

void statement::bind(int at, std::int64_t value) {
  check(raw_.get(), sqlite3_bind_int64(raw_.get(), at, value));
}

// Static: callers keep what they pass until the statement has run (`run`) or the rows are gone (`query`).
void statement::bind(int at, bytes value) {
  const char* data = value.value.empty() ? "" : value.value.data();
  check(raw_.get(), sqlite3_bind_blob64(raw_.get(), at, data, value.value.size(), SQLITE_STATIC));
}

void statement::bind(int at, text value) {
  const char* data = value.value.empty() ? "" : value.value.data();
  check(raw_.get(),
        sqlite3_bind_text64(raw_.get(), at, data, value.value.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void statement::bind(int at, maybe_bytes value) {
  value.value ? bind(at, bytes{*value.value}) : bind(at, std::nullopt);
}

void statement::bind(int at, instant value) {
  value == never ? bind(at, std::nullopt) : bind(at, std::int64_t{to_ms(value)});
}

void statement::bind(int at, std::nullopt_t) { check(raw_.get(), sqlite3_bind_null(raw_.get(), at)); }

std::int64_t statement::finish() {
  const int rc = sqlite3_step(raw_.get());
  if (rc != SQLITE_DONE && rc != SQLITE_ROW)
    raise(raw_.get(), rc);
  const std::int64_t touched = sqlite3_changes64(sqlite3_db_handle(raw_.get()));
  sqlite3_reset(raw_.get());
  return touched;
}

} // namespace troupe::storage
