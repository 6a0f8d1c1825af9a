#include "storage/sqlite/listing_table.hpp"

namespace troupe::storage {

listing_table::listing_table(connection& db, payload_writer& payloads)
    : payloads_(payloads)
    , put_(db, "INSERT INTO listing(birth, item, category, name, state, open, updated, detail, blob)"
               " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT(birth, item) DO UPDATE SET"
               " category = ?3, name = ?4, state = ?5, open = ?6, updated = ?7, detail = ?8, blob = ?9")
    , erase_(db, "DELETE FROM listing WHERE birth = ?1 AND item = ?2")
    , erase_agent_(db, "DELETE FROM listing WHERE birth = ?1")
    , add_attribute_(db, "INSERT OR IGNORE INTO attribute(category, name, value, birth, item)"
                         " VALUES(?1, ?2, ?3, ?4, ?5)")
    , erase_attributes_(db, "DELETE FROM attribute WHERE birth = ?1 AND item = ?2")
    , erase_agent_attributes_(db, "DELETE FROM attribute WHERE birth = ?1") {}

void listing_table::put(std::uint64_t birth, const journal::listing& line) {
  const placed_payload detail = payloads_.place(line.detail);
  put_.run(birth, text{line.item}, text{line.category}, text{line.name}, text{line.state},
           std::uint64_t{line.open}, to_ms(line.updated), detail.body(), detail.blob());
  if (!line.attributes_changed)
    return;
  erase_attributes_.run(birth, text{line.item});
  for (const auto& [name, value] : line.attributes)
    add_attribute_.run(text{line.category}, text{name}, text{value}, birth, text{line.item});
}

void listing_table::erase(std::uint64_t birth, const std::string& item) {
  if (erase_.run(birth, text{item}) > 0)
    erase_attributes_.run(birth, text{item});
}

void listing_table::erase_agent(std::uint64_t birth) {
  if (erase_agent_.run(birth) > 0)
    erase_agent_attributes_.run(birth);
}

} // namespace troupe::storage
