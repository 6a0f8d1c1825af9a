#include "storage/postgres/pg_error.hpp"

#include "storage/postgres/server_check.hpp"

#include <string_view>

namespace troupe::storage::postgres {
namespace {

bool begins(const std::string& code, std::string_view with) { return code.starts_with(with); }

} // namespace

remedy remedy_for(const std::string& sqlstate) {
  if (sqlstate == marks_moved || sqlstate == blob_gone)
    return remedy::look;
  // 57P: the server ends or begins; 25P03, 57P05: it ended a session that waited for its client.
  if (begins(sqlstate, "08") || begins(sqlstate, "57P") || sqlstate == "25P03" || sqlstate == "53300")
    return remedy::reconnect;
  if (begins(sqlstate, "40") || sqlstate == "55P03" || sqlstate == "57014" || begins(sqlstate, "53"))
    return remedy::again;
  return remedy::none;
}

error pg_error::as_error() const {
  const std::string text = "PostgreSQL: " + std::string(what());
  if (what_to_do == remedy::reconnect)
    return {fault::unavailable, text, "is the server running, and is the address right?"};
  if (code == store_behind)
    return {fault::corrupt, what(), loss_hint};
  if (begins(code, "53"))
    return {fault::full, text, {}};
  if (begins(code, "28") || code == "42501")
    return {fault::refused, text, "check the user and its rights"};
  if (begins(code, "XX"))
    return {fault::corrupt, text, {}};
  return {what_to_do == remedy::again ? fault::unavailable : fault::internal, text, {}};
}

} // namespace troupe::storage::postgres
