#include "storage/sqlite/payload.hpp"

#include "storage/sqlite/sql_error.hpp"

#include <sodium.h>
#include <sqlite3.h>

namespace troupe::storage {

payload_writer::payload_writer(connection& db, std::size_t threshold)
    : threshold_(threshold)
    , insert_(db, "INSERT OR IGNORE INTO blob(hash, body) VALUES(?1, ?2)") {}

placed_payload payload_writer::place(std::string_view body) {
  placed_payload placed;
  placed.inline_body = body;
  if (body.size() <= threshold_)
    return placed;
  placed.in_blob = true;
  crypto_generichash(reinterpret_cast<unsigned char*>(placed.hash.data()), placed.hash.size(),
                     reinterpret_cast<const unsigned char*>(body.data()), body.size(), nullptr, 0);
  insert_.run(bytes{{placed.hash.data(), placed.hash.size()}}, bytes{body});
  return placed;
}

payload_reader::payload_reader(connection& db)
    : select_(db, "SELECT body FROM blob WHERE hash = ?1") {}

std::string payload_reader::get(const rows& row, int column) {
  if (row.is_null(column + 1))
    return row.string(column);
  auto blob = select_.query(bytes{row.view(column + 1)});
  if (!blob.next())
    throw sql_error(SQLITE_CORRUPT, "a row names a blob that is not there");
  return blob.string(0);
}

} // namespace troupe::storage
