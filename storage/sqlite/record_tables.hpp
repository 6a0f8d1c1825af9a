#pragma once

#include "runtime/journal/rows.hpp"
#include "storage/sqlite/agent_table.hpp"
#include "storage/sqlite/payload.hpp"

namespace troupe::storage {

/// Messages nobody could apply.
class letter_table {
public:
  letter_table(connection& db, payload_writer& payloads);
  void insert(const journal::dead_letter& letter);
  /// False: there is no such letter.
  bool mark_replayed(const std::string& id);

private:
  payload_writer& payloads_;
  statement insert_;
  statement replayed_;
};

/// The history of agents: appended by turns, cut off at the old end by the sweep.
class event_table {
public:
  event_table(connection& db, payload_writer& payloads, counters& count);
  void append(std::uint64_t birth, agent_table::entry& agent, const journal::agent_event& event);

private:
  payload_writer& payloads_;
  counters& count_;
  statement insert_;
};

} // namespace troupe::storage
