#pragma once

#include "config/result.hpp"
#include "runtime/journal/rows.hpp"
#include "storage/sqlite/payload.hpp"

#include <vector>

namespace troupe::storage {

/// Outside effects asked for and not yet consumed by their agent. Each row is fenced by its own executor, so
/// an answer that was paid for survives the agent's move.
class effect_table {
public:
  effect_table(connection& db, payload_writer& payloads, std::uint64_t node_epoch);

  /// An effect that is already there is left as it is: a recorded answer is never asked for again.
  void put(std::uint64_t birth, const journal::effect_put& effect);
  void clear(const std::string& id);

  /// True: recorded now; false: this executor had recorded it before; fenced: another owns it, or it is gone.
  result<bool> record(const std::string& id, std::uint64_t executor, const std::string& outcome);

  /// The row with this node as its executor; with its result, and untouched, once there is one.
  result<journal::effect_row> adopt(const std::string& id);

  bool any_of(std::uint64_t birth);

private:
  std::uint64_t node_epoch_;
  payload_writer& payloads_;
  payload_reader reader_;
  statement insert_;
  statement clear_;
  statement record_;
  statement owner_;
  statement adopt_;
  statement select_;
  statement any_;
};

/// Column list that `read_effect` understands.
inline constexpr std::string_view effect_columns =
    "id, verb, target, key, deadline, once, executor, attempt, done, body, blob, result, result_blob";
journal::effect_row read_effect(const rows& row, payload_reader& payloads);

} // namespace troupe::storage
