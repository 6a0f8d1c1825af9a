#pragma once

#include "runtime/journal/shared_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace troupe::testing {

/// The journal's rules on maps: what a store must do, without disk, threads or SQL. The contract suite holds
/// it against the real adapters.
class memory_tables {
public:
  struct switches { // as storage/sqlite/options.hpp: each takes one guarantee away
    bool no_fence = false;
    bool no_dedupe = false;
  };
  switches unsafe;
  std::uint64_t node_epoch = 0; // of whoever acts now
  std::uint64_t openings = 0;
  instant now{}; // the store's own clock, for leases

  journal::receipt commit(const journal::turn_commit& turn);
  /// With no_dedupe: what marks have passed goes now.
  void delete_consumed();
  /// A crash before that: the rows are delivered again.
  void forget_consumed() { consumed_.clear(); }

  result<journal::loaded_agent> claim(const agent_id& id, bool create);
  result<journal::loaded_agent> take_over(const agent_id& id, std::uint64_t owner, std::uint64_t epoch);
  journal::member_list members() const;
  result<std::uint64_t> put_member(journal::member_row row, milliseconds lease, bool if_expired);
  result<journal::lease_grant> renew(std::uint64_t epoch, milliseconds lease);
  std::size_t forget_members(instant before);
  result<journal::loaded_agent> describe(const agent_id& id) const;
  journal::pending_window pending(const address& to, lane on, std::uint64_t after_sender,
                                  std::size_t limit) const;
  result<bool> record_result(const std::string& effect, std::uint64_t executor, const std::string& outcome);
  result<journal::effect_row> adopt_effect(const std::string& effect);
  std::optional<journal::agent_row> find_row(std::uint64_t birth, journal::row_class cls,
                                             const std::string& key) const;
  result<journal::page<journal::duty>> duties(instant now, const std::string& cursor,
                                              std::size_t limit) const;
  result<bool> purge(const agent_id& id, instant now);
  result<bool> retire(const agent_id& id, std::uint64_t epoch, instant now);
  result<std::uint32_t> skip_control_of_absent(const agent_id& id);
  std::size_t sweep(instant rows_before, instant events_before, instant letters_before, std::size_t limit);
  journal::page<journal::agent_summary> agents(const std::string& prefix, const std::string& cursor,
                                               std::size_t limit) const;
  result<journal::page<journal::stored_event>> history(const agent_id& id, const std::string& cursor,
                                                       std::size_t limit) const;
  journal::page<journal::stored_dead_letter> dead_letters(const std::string& cursor, std::size_t limit) const;
  result<journal::stored_dead_letter> find_dead_letter(const std::string& id) const;
  result<bool> mark_replayed(const std::string& id);
  journal::page<journal::stored_listing> listings(const journal::listing_query& query) const;
  journal::ledger totals() const;
  std::uint32_t pending_count(std::uint64_t sender, const address* to) const;
  void count_commit() { ++ledger_.commits; }

private:
  using stream_key = std::tuple<address, lane, std::uint64_t>; // receiver, lane, sender
  using row_key = std::pair<journal::row_class, std::string>;
  using name = std::tuple<std::string, std::string, std::string>;

  struct agent {
    agent_id id;
    std::uint64_t epoch = 0;
    std::uint64_t owner = 0;
    journal::agent_status status = journal::agent_status::active;
    std::string reason;
    instant next_due = never;
    std::map<row_key, journal::agent_row> rows;
    std::map<std::pair<lane, std::uint64_t>, std::uint64_t> marks;
    std::vector<journal::stored_event> events;
    std::map<std::string, journal::listing> listings;
  };
  struct queue {
    agent_id to;
    std::map<std::uint64_t, std::string> rows;
  };
  struct effect {
    std::uint64_t birth = 0;
    journal::effect_row row;
  };

  static name name_of(const agent_id& id) { return {id.tenant(), id.kind(), id.key()}; }
  const agent* find(const agent_id& id) const;
  std::string refusal(const journal::turn_commit& turn, const agent& of) const;
  std::string mark_refusal(const journal::turn_commit& turn, const agent& of) const;
  std::uint64_t last_number(const stream_key& stream, const agent_id& to) const;
  std::uint64_t append(std::uint64_t sender, const journal::outgoing& row);
  void consume(const stream_key& stream, std::uint64_t to);
  void write_rows(const journal::turn_commit& turn, agent& into);
  std::string still_open(std::uint64_t birth, const agent& of, instant now) const;
  std::uint32_t end_unread(const agent_id& to, lane first, instant now);
  bool has_mail(const address& to) const;
  bool lives(std::uint64_t node) const;
  bool in_other_hands(const agent& a) const { return a.owner != node_epoch && lives(a.owner); }
  bool needs_effects_looked_after(std::uint64_t birth) const;
  journal::loaded_agent load(std::uint64_t birth, const agent& from) const;

  std::map<std::uint64_t, agent> agents_;
  std::map<name, std::uint64_t> names_;
  std::map<stream_key, queue> outbox_;
  std::map<stream_key, std::uint64_t> consumed_; // no_dedupe: rows left lying
  std::map<std::string, effect> effects_;
  std::map<std::string, journal::stored_dead_letter> letters_;
  std::map<std::uint64_t, journal::member_row> members_;
  std::uint64_t births_ = 0;
  std::uint64_t events_ = 0;
  journal::ledger ledger_;
};

} // namespace troupe::testing
