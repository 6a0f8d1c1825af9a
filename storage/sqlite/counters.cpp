#include "storage/sqlite/counters.hpp"

namespace troupe::storage {

counter_table::counter_table(connection& db)
    : select_(
          db,
          "SELECT id, node_epoch, commits, births, events, sent, applied, skipped, dead_lettered FROM store")
    , replace_(
          db,
          "INSERT OR REPLACE INTO store(one, id, node_epoch, commits, births, events, sent, applied, skipped,"
          " dead_lettered) VALUES(1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)") {}

counters counter_table::load() {
  counters found;
  auto row = select_.query();
  if (!row.next())
    return found;
  found.store_id = row.natural(0);
  found.node_epoch = row.natural(1);
  found.commits = row.natural(2);
  found.births = row.natural(3);
  found.events = row.natural(4);
  found.sent = row.natural(5);
  found.applied = row.natural(6);
  found.skipped = row.natural(7);
  found.dead_lettered = row.natural(8);
  return found;
}

void counter_table::save(const counters& now) {
  replace_.run(now.store_id, now.node_epoch, now.commits, now.births, now.events, now.sent, now.applied,
               now.skipped, now.dead_lettered);
}

} // namespace troupe::storage
