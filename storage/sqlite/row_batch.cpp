#include "storage/sqlite/row_batch.hpp"

namespace troupe::storage {

row_batch::row_batch(connection& db, payload_writer& payloads)
    : payloads_(payloads)
    , put_(db, "INSERT OR REPLACE INTO row(birth, class, key, schema, body, blob, expires)"
               " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")
    , erase_(db, "DELETE FROM row WHERE birth = ?1 AND class = ?2 AND key = ?3")
    , erase_from_(db, "DELETE FROM row WHERE birth = ?1 AND class = ?2 AND key >= ?3")
    , erase_range_(db, "DELETE FROM row WHERE birth = ?1 AND class = ?2 AND key >= ?3 AND key < ?4")
    , erase_agent_(db, "DELETE FROM row WHERE birth = ?1") {}

void row_batch::erase(std::uint64_t birth, const journal::row_erase& what) {
  const row_key key{birth, what.cls, what.key};
  if (!what.prefix) {
    changes_.insert_or_assign(key, nullptr);
    return;
  }
  // What earlier turns of the group put below the prefix is gone with it; what later turns put stays.
  auto at = changes_.lower_bound(key);
  while (at != changes_.end() && at->first.birth == birth && at->first.cls == what.cls &&
         at->first.key.starts_with(what.key))
    at = changes_.erase(at);
  prefixes_.push_back(key);
}

void row_batch::put(std::uint64_t birth, const journal::agent_row& row) {
  changes_.insert_or_assign(row_key{birth, row.cls, row.key}, &row);
}

void row_batch::flush() {
  for (const row_key& prefix : prefixes_)
    erase_stored_prefix(prefix);
  for (const auto& [key, row] : changes_) {
    const auto cls = static_cast<std::uint64_t>(key.cls);
    if (!row) {
      erase_.run(key.birth, cls, bytes{key.key});
      continue;
    }
    const placed_payload body = payloads_.place(row->body);
    put_.run(key.birth, cls, bytes{key.key}, row->schema, body.body(), body.blob(), row->expires);
  }
  prefixes_.clear();
  changes_.clear();
}

void row_batch::erase_stored_prefix(const row_key& prefix) {
  const auto cls = static_cast<std::uint64_t>(prefix.cls);
  const std::string end = after_prefix(prefix.key);
  if (end.empty())
    erase_from_.run(prefix.birth, cls, bytes{prefix.key});
  else
    erase_range_.run(prefix.birth, cls, bytes{prefix.key}, bytes{end});
}

void row_batch::erase_agent(std::uint64_t birth) { erase_agent_.run(birth); }

std::string after_prefix(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && static_cast<unsigned char>(end.back()) == 0xff)
    end.pop_back();
  if (!end.empty())
    end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

} // namespace troupe::storage
