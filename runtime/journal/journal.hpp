#pragma once

#include "config/result.hpp"
#include "runtime/journal/rows.hpp"

#include <functional>
#include <string>
#include <vector>

namespace troupe::journal {

enum class commit_status : std::uint8_t {
  durable, // on disk; may be told to anybody
  fenced,  // another activation owns the agent, or a mark had moved: nothing of it was written
  failed   // the store cannot write (full disk, failed fsync): nothing is acknowledged any more
};

struct receipt {
  commit_status status = commit_status::durable;
  std::vector<std::uint64_t> numbers; // of the outgoing rows, in order
  std::string why;                    // when not durable
};

/// An agent as its new owner finds it. `rows` holds every class but ingress.
struct loaded_agent {
  agent_id id;
  std::uint64_t birth = 0;
  std::uint64_t epoch = 0;
  bool newborn = false;
  agent_status status = agent_status::active;
  std::string reason;
  instant next_due = never;
  std::uint64_t births = 0; // highest birth given out so far: a sender born later has no mark here yet
  std::vector<agent_row> rows;
  std::vector<effect_row> effects;
  std::uint64_t owner = 0;   // node epoch of whoever claimed it last; 0 where the store has one node
  std::uint64_t held_by = 0; // a claim: this other node owns it and lives; nothing was changed or loaded
};

/// A window of a receiver's pending rows: per stream contiguous from its mark, fair between streams.
struct pending_window {
  std::vector<pending_row> rows;
  bool complete = true; // false: more rows lie in the store
};

struct agent_summary {
  agent_id id;
  std::uint64_t birth = 0;
  std::uint64_t epoch = 0;
  agent_status status = agent_status::active;
  std::string reason;
  instant next_due = never;
  std::uint64_t owner = 0; // as in loaded_agent
};

template<class T>
struct page {
  std::vector<T> items;
  std::string next_cursor; // empty: the list is complete
};

/// sent = applied + skipped + pending + dead_lettered, always.
struct ledger {
  std::uint64_t sent = 0;
  std::uint64_t applied = 0;
  std::uint64_t skipped = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t pending = 0;
  std::uint64_t commits = 0; // groups written since the store was created
};

struct stored_dead_letter {
  dead_letter letter;
  bool replayed = false;
};

struct stored_event {
  std::uint64_t number = 0;
  agent_event event;
};

/// Somebody who needs waking: pending rows, a due time, or an effect result nobody consumed.
struct duty {
  agent_id id;
};

template<class T>
using reply = std::function<void(result<T>)>;

/// Where everything durable lives. Calls return at once; the function given is called exactly once, on a
/// thread of the journal's own, never inside the call. Commits, claims and results pass one writer in the
/// order they were handed in; reads see everything that was durable when they were asked for.
class store {
public:
  virtual ~store() = default;

  /// This opening of the store; grows with each. Durable before the store is handed out.
  virtual std::uint64_t node_epoch() const = 0;

  virtual void commit(turn_commit turn, std::function<void(receipt)> done) = 0;

  /// Takes the agent over: its epoch grows by one, older activations can no longer commit. Without `create`
  /// an unknown id is not_found.
  virtual void claim(agent_id id, bool create, reply<loaded_agent> done) = 0;

  /// Pending rows for `to`, at most `limit`, beginning after the stream `after` names (round robin), one
  /// lane.
  virtual void pending(address to, lane on, std::uint64_t after_sender, std::size_t limit,
                       reply<pending_window> done) = 0;

  /// Records what an outside effect came to. Refused (fenced) if another executor owns the row or it is gone.
  virtual void record_result(std::string effect_id, std::uint64_t executor, std::string result,
                             reply<bool> done) = 0;

  /// Makes this node the executor of an effect whose former one is dead; its attempt grows by one.
  virtual void adopt_effect(std::string effect_id, reply<effect_row> done) = 0;

  /// One row of a class that is not loaded with its agent.
  virtual void find_row(std::uint64_t birth, row_class cls, std::string key,
                        reply<std::optional<agent_row>> done) = 0;

  /// Those that need waking at `now`, in a stable order after `cursor`.
  virtual void duties(instant now, std::string cursor, std::size_t limit, reply<page<duty>> done) = 0;

  /// Removes an agent with nothing open (no task, outbox row, timer, effect, live call key), its marks and
  /// the mail it left unread, which becomes dead letters with reason `purged`. conflict says what is still
  /// open.
  virtual void purge(agent_id id, instant now, reply<bool> done) = 0;

  /// Purges an agent whose retention has passed, if it still is as its last activation left it: conflict when
  /// another has taken it over since `epoch`, or somebody's message waits for it.
  virtual void retire(agent_id id, std::uint64_t epoch, instant now, reply<bool> done) = 0;

  /// Control rows for an id nobody has created: counted as skipped and deleted.
  virtual void skip_control_of_absent(agent_id id, instant now, reply<std::uint32_t> done) = 0;

  /// Sweeps rows, events and dead letters past their time; at most `limit` of each.
  virtual void sweep(instant rows_before, instant events_before, instant letters_before, std::size_t limit,
                     reply<std::size_t> done) = 0;

  virtual void agents(std::string prefix, std::string cursor, std::size_t limit,
                      reply<page<agent_summary>> done) = 0;
  virtual void describe(agent_id id, reply<loaded_agent> done) = 0; // reads only: no claim, epoch unchanged
  virtual void history(agent_id id, std::string cursor, std::size_t limit,
                       reply<page<stored_event>> done) = 0;
  virtual void dead_letters(std::string cursor, std::size_t limit, reply<page<stored_dead_letter>> done) = 0;
  virtual void find_dead_letter(std::string id, reply<stored_dead_letter> done) = 0;
  virtual void mark_replayed(std::string id, reply<bool> done) = 0;
  virtual void listings(listing_query query, reply<page<stored_listing>> done) = 0;
  virtual void totals(reply<ledger> done) = 0;

  /// Rows of one stream not yet applied, as far as this node knows; any thread, does not wait.
  virtual std::uint32_t pending_count(std::uint64_t sender_birth, const address& to) const = 0;
  /// The same over all receivers of a sender.
  virtual std::uint32_t pending_count(std::uint64_t sender_birth) const = 0;
};

} // namespace troupe::journal
