#pragma once

#include "runtime/journal/rows.hpp"
#include "storage/sqlite/counters.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace troupe::storage {

/// The agents a group touches. Each is read once, inside the group's transaction (that read is the fence),
/// and written back at most once.
class agent_table {
public:
  struct entry {
    std::uint64_t epoch = 0;
    std::uint64_t last_event = 0;
    std::optional<instant> next_due;
    std::optional<journal::agent_status> status;
    std::string reason;
    bool dirty = false;   // epoch or last_event
    bool changed = false; // anything at all; on the list of what to write back
  };

  agent_table(connection& db, counters& count);

  /// Null if no agent was born with that number, or it was purged. Valid until `end_group`.
  entry* find(std::uint64_t birth);
  /// Everything but reading an entry goes through here, so that it is written back.
  entry& change(std::uint64_t birth);
  std::optional<std::uint64_t> birth_of(const agent_id& id);

  /// Gives the next birth; its epoch is 0 until somebody claims it.
  std::uint64_t create(const agent_id& id);
  /// Its rows elsewhere must have gone before.
  void remove(std::uint64_t birth);
  void flush();
  void end_group();

private:
  counters& count_;
  statement find_;
  statement by_name_;
  statement insert_;
  statement remove_;
  statement set_epoch_;
  statement set_due_;
  statement set_status_;
  std::unordered_map<std::uint64_t, std::optional<entry>> known_; // empty: there is none
  std::vector<std::uint64_t> changed_;
};

} // namespace troupe::storage
