#pragma once

#include "storage/sqlite/agent_table.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/counters.hpp"
#include "storage/sqlite/effect_table.hpp"
#include "storage/sqlite/listing_table.hpp"
#include "storage/sqlite/options.hpp"
#include "storage/sqlite/payload.hpp"
#include "storage/sqlite/record_tables.hpp"
#include "storage/sqlite/row_batch.hpp"
#include "storage/sqlite/stream_table.hpp"
#include "storage/sqlite/streams.hpp"

namespace troupe::storage {

/// All tables as the writer sees them. What turns change is gathered and reaches the tables at `flush`, once
/// per row; an operation that looks at tables other than through these classes flushes first.
struct write_context {
  write_context(connection& on, const counters& start, const sqlite_options& options, pending_book& pending);

  void flush();
  /// The last write of a group: the store's own row.
  void seal_group();

  connection& db;
  pending_book& book;
  unsafe_options unsafe;
  counters count;
  counter_table counter_rows;
  payload_writer payloads;
  agent_table agents;
  row_batch rows;
  stream_table streams;
  effect_table effects;
  letter_table letters;
  event_table events;
  listing_table listings;
};

} // namespace troupe::storage
