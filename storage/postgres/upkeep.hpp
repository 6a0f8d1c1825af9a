#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/postgres/job.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/stream_numbers.hpp"

#include <string>
#include <vector>

namespace troupe::storage::postgres {

/// How far back each kind of record is kept, and how many of each one sweep may remove.
struct sweep_bounds {
  instant rows_before;
  instant events_before;
  instant letters_before;
  std::size_t limit = 0;
};

/// Removes what is no longer needed: agents, mail nobody will read, rows past their time, marks of senders
/// that are gone, blobs nobody names. For the writer's thread. Walks through marks and blobs a piece per
/// sweep, and begins again at the end; several nodes may do so at once.
class upkeep {
public:
  upkeep(std::string node, std::uint64_t epoch)
      : node_(std::move(node))
      , epoch_(epoch) {}

  result<bool> purge(session& on, const agent_id& id, instant now, bool resent, stream_numbers& numbers,
                     outbox_book& book);

  /// Purges agents of this node whose activation is the one named and for whom nothing waits, all in one
  /// statement. Each job gets its answer.
  void retire(session& on, const std::vector<retire_job*>& jobs, bool resent, stream_numbers& numbers);

  result<std::uint32_t> skip_control_of_absent(session& on, const agent_id& id, stream_numbers& numbers,
                                               outbox_book& book);

  result<std::size_t> sweep(session& on, const sweep_bounds& bounds);

private:
  struct mark_key {
    std::uint64_t dst = 0;
    std::int64_t lane = 0;
    std::uint64_t src = 0;
  };
  struct ended {
    std::uint64_t dead_lettered = 0;
    std::uint64_t skipped = 0;
  };

  ended end_unread(session& on, const agent_id& to, lane first, instant now, outbox_book& book);
  void count(session& on, const ended& what);
  std::size_t sweep_marks(session& on, std::size_t limit);
  std::size_t sweep_blobs(session& on, std::size_t limit);

  std::string node_;
  std::uint64_t epoch_;
  mark_key mark_cursor_;
  std::string blob_cursor_;
};

} // namespace troupe::storage::postgres
