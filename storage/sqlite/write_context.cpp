#include "storage/sqlite/write_context.hpp"

namespace troupe::storage {

write_context::write_context(connection& on, const counters& start, const sqlite_options& options,
                             pending_book& pending)
    : db(on)
    , book(pending)
    , unsafe(options.unsafe_for_oracle_tests)
    , count(start)
    , counter_rows(on)
    , payloads(on, options.blob_threshold)
    , agents(on, count)
    , rows(on, payloads)
    , streams(on, agents, payloads, pending)
    , effects(on, payloads, start.node_epoch)
    , letters(on, payloads)
    , events(on, payloads, count)
    , listings(on, payloads) {}

void write_context::flush() {
  rows.flush();
  streams.flush(unsafe.no_dedupe);
  agents.flush();
}

void write_context::seal_group() {
  flush();
  ++count.commits;
  counter_rows.save(count);
  streams.end_group();
  agents.end_group();
}

} // namespace troupe::storage
