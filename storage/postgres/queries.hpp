#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/postgres/session.hpp"

#include <optional>
#include <string>

namespace troupe::storage::postgres {

// What the journal can be asked. Each is one statement, or several that need no common moment; those that do
// say so.

journal::pending_window pending(session& on, const address& to, lane in, std::uint64_t after_sender,
                                std::size_t limit);

/// Who needs waking among the agents of node `me` and those whose owner does not live: with mail, whose time
/// has come, with effects to look after. Each once, in the first pass that finds it.
result<journal::page<journal::duty>> duties(session& on, instant now, std::uint64_t me,
                                            const std::string& cursor, std::size_t limit);

journal::page<journal::agent_summary> agents(session& on, const std::string& prefix,
                                             const std::string& cursor, std::size_t limit);
/// Several statements of one moment.
result<journal::loaded_agent> describe(session& on, const agent_id& id);
/// Newest first. The cursor is the number of the last event shown.
result<journal::page<journal::stored_event>> history(session& on, const agent_id& id,
                                                     const std::string& cursor, std::size_t limit);
journal::page<journal::stored_dead_letter> dead_letters(session& on, const std::string& cursor,
                                                        std::size_t limit);
result<journal::stored_dead_letter> dead_letter(session& on, const std::string& id);
result<bool> mark_replayed(session& on, const std::string& id);
std::optional<journal::agent_row> find_row(session& on, std::uint64_t birth, journal::row_class cls,
                                           const std::string& key);
result<journal::page<journal::stored_listing>> listings(session& on, const journal::listing_query& query);
journal::ledger totals(session& on);

} // namespace troupe::storage::postgres
