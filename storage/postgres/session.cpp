#include "storage/postgres/session.hpp"

#include "storage/postgres/pg_error.hpp"

#include <charconv>
#include <pqxx/pqxx>
#include <unordered_set>

namespace troupe::storage::postgres {
namespace {

// A peer that vanished is noticed within seconds, also in the middle of an answer.
constexpr std::string_view liveness[] = {"connect_timeout=3",     "keepalives_idle=2",
                                         "keepalives_interval=1", "keepalives_count=3",
                                         "tcp_user_timeout=5000", "client_encoding=UTF8"};

std::string with_liveness(std::string conninfo) {
  const bool uri = conninfo.starts_with("postgresql://") || conninfo.starts_with("postgres://");
  char join = uri ? (conninfo.find('?') == conninfo.npos ? '?' : '&') : ' ';
  for (const auto setting : liveness) {
    conninfo += join;
    conninfo += setting;
    join = uri ? '&' : ' ';
  }
  return conninfo;
}

std::string quoted(std::string_view name) {
  std::string out = "\"";
  for (const char c : name)
    out += c == '"' ? "\"\"" : std::string(1, c);
  return out + '"';
}

/// Tables of a store grow from nothing within seconds, faster than statistics: every statement is written for
/// nested loops over indexes, and the planner is told so instead of guessing.
std::string set_up(const session::settings& how) {
  const std::string limit = std::to_string(how.limit.count());
  std::string sql = "SET search_path TO " + quoted(how.schema);
  for (const char* off : {"enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"})
    sql += "; SET " + std::string(off) + " TO off";
  for (const char* timeout : {"statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"})
    sql += "; SET " + std::string(timeout) + " TO " + limit;
  return sql + "; SET synchronous_commit TO on; SET plan_cache_mode TO force_generic_plan"
               "; SET client_min_messages TO warning; SET bytea_output TO hex";
}

std::string one_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
    text.pop_back();
  for (char& c : text)
    if (c == '\n')
      c = ' ';
  return text;
}

/// Runs something of pqxx and tells what went wrong in our terms.
template<class F>
auto translated(const pqxx::connection_base* on, F&& what) {
  try {
    return what();
  } catch (const pqxx::broken_connection& e) {
    throw pg_error(remedy::reconnect, "08006", one_line(e.what()));
  } catch (const pqxx::sql_error& e) {
    const bool gone = on != nullptr && !on->is_open();
    throw pg_error(gone || e.sqlstate().empty() ? remedy::reconnect : remedy_for(e.sqlstate()), e.sqlstate(),
                   one_line(e.what()));
  } catch (const pqxx::failure& e) {
    throw pg_error(remedy::reconnect, "08006", one_line(e.what()));
  }
}

int digit(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

} // namespace

parameters& parameters::number(std::int64_t value) {
  append_number(values_.emplace_back(), value, 8);
  return *this;
}

parameters& parameters::flag(bool value) {
  values_.emplace_back(1, value ? '\1' : '\0');
  return *this;
}

parameters& parameters::bytes(std::string_view value) {
  values_.emplace_back(value);
  return *this;
}

parameters& parameters::array(wire_array&& values) {
  values_.push_back(values.take());
  return *this;
}

table::table(std::shared_ptr<const pqxx::result> rows)
    : rows_(std::move(rows)) {}

std::size_t table::size() const { return static_cast<std::size_t>(rows_->size()); }

std::size_t table::affected() const { return static_cast<std::size_t>(rows_->affected_rows()); }

namespace {

pqxx::field at(const pqxx::result& rows, std::size_t row, int column) {
  return rows[static_cast<pqxx::result::size_type>(row)][static_cast<pqxx::row::size_type>(column)];
}

} // namespace

bool table::null(std::size_t row, int column) const { return at(*rows_, row, column).is_null(); }

std::string_view table::text(std::size_t row, int column) const {
  const pqxx::field f = at(*rows_, row, column);
  return {f.c_str(), f.size()};
}

std::int64_t table::number(std::size_t row, int column) const {
  const std::string_view digits = text(row, column);
  std::int64_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return value;
}

std::uint64_t table::natural(std::size_t row, int column) const {
  return static_cast<std::uint64_t>(number(row, column));
}

bool table::flag(std::size_t row, int column) const { return text(row, column) == "t"; }

std::string table::bytes(std::size_t row, int column) const {
  std::string_view hex = text(row, column);
  if (hex.size() < 2)
    return {};
  hex.remove_prefix(2); // \x
  std::string out(hex.size() / 2, '\0');
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<char>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  return out;
}

instant table::time(std::size_t row, int column) const {
  return null(row, column) ? never : from_ms(number(row, column));
}

struct session::impl {
  explicit impl(const std::string& conninfo)
      : connection(conninfo)
      , quiet(connection)
      , work(connection) {}

  pqxx::connection connection;
  pqxx::quiet_errorhandler quiet;
  pqxx::nontransaction work;
  std::unordered_set<const char*> prepared;
};

session::session(const settings& how) {
  impl_ = translated(nullptr, [&] { return std::make_unique<impl>(with_liveness(how.conninfo)); });
  run(set_up(how) + "; SET application_name TO " + quoted(how.name));
}

session::~session() = default;
session::session(session&&) noexcept = default;
session& session::operator=(session&&) noexcept = default;

table session::run(const std::string& sql) {
  impl& on = *impl_;
  return translated(&on.connection, [&] {
    // The library would open a new connection by itself, and a statement whose fate is unknown would run
    // twice.
    if (!on.connection.is_open())
      throw pqxx::broken_connection("the connection was lost");
    return table(std::make_shared<pqxx::result>(on.work.exec(sql)));
  });
}

table session::run(const statement& what, const parameters& with) {
  impl& on = *impl_;
  return translated(&on.connection, [&] {
    if (!on.connection.is_open())
      throw pqxx::broken_connection("the connection was lost");
    if (on.prepared.insert(what.name).second)
      on.connection.prepare(what.name, std::string(what.sql));
    std::vector<pqxx::binarystring> values;
    values.reserve(with.values().size());
    for (const auto& value : with.values())
      values.emplace_back(value.data(), value.size());
    return table(std::make_shared<pqxx::result>(
        on.work.exec_prepared(what.name, pqxx::prepare::make_dynamic_params(values))));
  });
}

transaction::transaction(session& on)
    : on_(on) {
  on_.run("BEGIN");
}

transaction::~transaction() {
  if (!open_)
    return;
  try {
    on_.run("ROLLBACK");
  } catch (const pg_error&) { // the server does it when it notices that the connection is gone
  }
}

void transaction::commit() {
  open_ = false;
  on_.run("COMMIT");
}

} // namespace troupe::storage::postgres
