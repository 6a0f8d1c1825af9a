#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/cursors.hpp"
#include "storage/sqlite/agent_loader.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/listing_search.hpp"
#include "storage/sqlite/payload.hpp"
#include "storage/sqlite/statement.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::storage {

/// Windows of a receiver's pending rows.
class pending_query {
public:
  explicit pending_query(connection& db);
  journal::pending_window run(const address& to, lane on, std::uint64_t after_sender, std::size_t limit);

private:
  struct source {
    std::uint64_t src = 0;
    std::uint64_t after = 0; // last number taken
    bool more = true;
  };
  std::vector<source> sources(const address& to, lane on, std::uint64_t after_sender, std::size_t limit);
  void take(const address& to, lane on, source& from, std::size_t limit, journal::pending_window& into);

  payload_reader payloads_;
  statement next_source_;
  statement rows_;
};

/// Agents that need waking, in three passes: those with mail, those whose time has come, those with effects
/// to look after. Each agent once, in the first pass that finds it.
class duty_query {
public:
  explicit duty_query(connection& db);
  /// invalid: the cursor is none of ours.
  result<journal::page<journal::duty>> run(instant now, std::uint64_t node_epoch, const std::string& cursor,
                                           std::size_t limit);

private:
  // Each fills the page up to `limit` and moves on to the next pass when it has nothing left.
  void mail(duty_place& at, std::size_t limit, std::vector<journal::duty>& into);
  void due(duty_place& at, instant now, std::size_t limit, std::vector<journal::duty>& into);
  void effects(duty_place& at, instant now, std::uint64_t node_epoch, std::size_t limit,
               std::vector<journal::duty>& into);
  bool has_mail(const agent_id& id);

  statement next_receiver_;
  statement any_message_;
  statement due_;
  statement effects_;
};

/// Lists for people: agents by name, history, dead letters.
class list_query {
public:
  explicit list_query(connection& db);

  journal::page<journal::agent_summary> agents(const std::string& prefix, const std::string& cursor,
                                               std::size_t limit);
  result<journal::page<journal::stored_event>> history(const agent_id& id, const std::string& cursor,
                                                       std::size_t limit);
  journal::page<journal::stored_dead_letter> dead_letters(const std::string& cursor, std::size_t limit);
  result<journal::stored_dead_letter> dead_letter(const std::string& id);
  std::optional<journal::agent_row> row(std::uint64_t birth, journal::row_class cls, const std::string& key);
  journal::ledger totals();

private:
  journal::stored_dead_letter read_letter(const rows& row);

  payload_reader payloads_;
  statement agents_;
  statement newest_event_;
  statement event_;
  statement letters_;
  statement letter_;
  statement row_;
  statement totals_;
};

/// One reader's connection with everything it can be asked.
struct read_context {
  explicit read_context(connection on)
      : db(std::move(on))
      , agents(db)
      , pending(db)
      , duties(db)
      , lists(db)
      , listings(db) {}

  connection db;
  agent_loader agents;
  pending_query pending;
  duty_query duties;
  list_query lists;
  listing_search listings;
};

} // namespace troupe::storage
