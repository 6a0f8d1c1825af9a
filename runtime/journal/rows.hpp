#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/journal/listing.hpp"
#include "runtime/message/envelope.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe::journal {

/// Rows that belong to one agent, keyed within (agent, class). One shape for all of them: the core encodes
/// the bodies, a store only keeps them. The numbers are stored: append, never reorder.
enum class row_class : std::uint8_t {
  document = 1, // key: document name
  task = 2,     // key: task id; body: the message that began it and how
  record = 3,   // key: task id + big-endian turn number; one row per turn of an open task
  base = 4,     // key: task id + document name; the document as it was when the task began
  timer = 5,    // key: timer name; body: the mail it will send, expires unused
  call_key = 6, // key: call key; body: open task or stored answer; swept when expired
  signal = 7,   // key: name, correlation, number; swept into dead letters by the agent
  crash = 8,    // key: message or (task, resolution); body: count
  snapshot = 9, // folds: key "state"; body: folded state
  fold = 10,    // folds: key: big-endian record number
  ingress = 11, // ingress shards: never loaded with the agent, looked up by key; swept when expired
  counter = 12, // anything an agent numbers durably
  pinned = 13,  // folds: texts that records refer to by hash: definitions
};

struct agent_row {
  row_class cls{};
  std::string key;
  std::uint32_t schema = 0; // version of the body's meaning, chosen by its writer
  std::string body;
  instant expires = never;
  bool operator==(const agent_row&) const = default;
};

struct row_erase {
  row_class cls{};
  std::string key;
  bool prefix = false; // all keys that begin with `key`
};

/// Advances the receiver's mark of one stream from `from` to `to` and deletes the sender's rows it passes.
/// Refused (the whole commit is fenced) unless the stored mark is exactly `from`.
struct mark_advance {
  std::uint64_t sender_birth = 0;
  lane on = lane::mail;
  std::uint64_t from = 0;
  std::uint64_t to = 0;
};

/// A message to send. The store gives it the next number of its stream (sender birth, receiver, lane).
struct outgoing {
  agent_id to;
  lane on = lane::mail;
  std::string envelope; // encoded
};

/// A row still in some sender's outbox: pending by definition.
struct pending_row {
  std::uint64_t sender_birth = 0;
  lane on = lane::mail;
  std::uint64_t number = 0;
  std::string envelope;
};

/// An outside effect asked for; executed by the node that asked, fenced by its own executor epoch.
struct effect_put {
  std::string id;
  std::string verb;
  std::string target;
  std::string body;
  std::string key; // idempotency key
  instant deadline = never;
  bool once = false;
};

struct effect_row {
  effect_put effect;
  std::uint64_t executor = 0; // node epoch that may be executing it
  std::uint32_t attempt = 1;
  std::optional<std::string> result; // encoded outcome, once recorded
};

struct dead_letter {
  std::string id;       // ULID
  std::string reason;   // closed set: see runtime/message/dead_letter_reason.hpp
  std::string note;     // one sentence for a person
  std::string envelope; // the whole original message
  agent_id to;
  agent_id from;
  instant at{};
  bool late =
      false; // its message was applied long ago and its task ended badly: the ledger counts it as applied
};

/// One line of an agent's history. Kept for `retention.history`.
struct agent_event {
  std::string kind;   // past tense: message_applied, task_began, call_skipped, agent_failed, …
  std::string detail; // JSON text
  std::string trace;
  instant at{};
};

enum class agent_status : std::uint8_t { active = 0, stopped = 1, failed = 2 };

/// Everything one turn makes durable, in one atomic step under the agent's epoch.
struct turn_commit {
  agent_id id;
  std::uint64_t birth = 0;
  std::uint64_t epoch = 0;
  std::vector<row_erase> erases; // applied before puts
  std::vector<agent_row> puts;
  std::vector<mark_advance> marks;
  std::vector<outgoing> outbox;
  std::vector<effect_put> effects;
  std::vector<std::string> effect_clears; // consumed or canceled
  std::vector<dead_letter> dead_letters;
  std::vector<agent_event> events;
  std::vector<listing> listings;           // replace those of the same item
  std::vector<std::string> listing_erases; // items
  std::optional<instant> next_due; // when the agent must be woken though nothing arrives; never = not at all
  std::optional<agent_status> status;
  std::string reason;        // with status
  std::uint32_t applied = 0; // messages applied, skipped (with an event each); dead letters count themselves
  std::uint32_t skipped = 0;

  bool empty() const noexcept {
    return erases.empty() && puts.empty() && marks.empty() && outbox.empty() && effects.empty() &&
           effect_clears.empty() && dead_letters.empty() && events.empty() && listings.empty() &&
           listing_erases.empty() && !next_due && !status;
  }
};

} // namespace troupe::journal
