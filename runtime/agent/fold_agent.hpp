#pragma once

#include "config/result.hpp"
#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/effects/outcome.hpp"
#include "runtime/journal/listing.hpp"
#include "runtime/message/envelope.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What a fold agent learns, one at a time. Journaled before anything that follows from it is visible.
struct fold_record {
  enum class source : std::uint8_t { mail = 0, answer, due, signal, cancel };
  std::uint64_t number = 0; // 1, 2, 3 … within the agent
  source from = source::mail;
  instant time{};
  envelope message;    // mail, signal, cancel
  std::string command; // answer, due: id of the command that asked for it
  outcome answer;
  std::string pin; // the text it is to be read with: see fold_agent::pin
};

std::string encode(const fold_record& record);
result<fold_record> decode_fold_record(std::string_view bytes);

/// What a fold agent wants done. Commits with the record that caused it; ids are the agent's own and unique
/// while the command is outstanding.
struct fold_command {
  /// compute: a pure function of the state, answered by `fold_agent::compute` once this turn is durable.
  /// event: a line of the agent's history.
  enum class kind : std::uint8_t { call, send, reply, timer, clear, outside, compute, event };
  kind what = kind::send;
  std::string id;     // call, timer, outside, clear: which
  agent_id to;        // call, send; reply: the caller
  std::string type;   // call, send: handler; outside: verb; event: what happened
  std::string target; // outside: what it acts on; reply: the handler answered
  std::string body;   // JSON text
  std::string
      call_key; // call: deduplication key at the callee; reply: the key answered; outside: idempotency key
  std::uint32_t attempt = 0;
  instant due = never; // call, outside: deadline; timer: when
  bool once = false;
  outcome answer;              // reply
  std::vector<agent_id> chain; // call: who waits for what this serves, without the agent itself
  std::string trace;           // empty: the trace of the record that caused it
};

struct fold_pin {
  std::string key; // of the content: its hash
  std::string text;
};

/// One agent of a fold kind. Pure: `apply` folds, `decide` runs exactly once per record, right after it was
/// applied and never again; activation only applies.
class fold_agent {
public:
  virtual ~fold_agent() = default;

  /// May another message be begun now? Signals, answers and cancels come all the same.
  virtual bool takes_mail() const { return true; }

  /// Asked before a new record is applied: a text that this record must be read with for ever, whatever the
  /// node knows by then (a workflow's definition). Kept with the agent under its key, once.
  virtual std::optional<fold_pin> pin(const fold_record&) { return std::nullopt; }
  /// Every pinned text, before any record or snapshot that refers to it.
  virtual result<void> know(const fold_pin&) { return {}; }

  virtual void apply(const fold_record& record) = 0;
  virtual std::vector<fold_command> decide(const fold_record& record) = 0;

  /// The answer to a `compute` command; asked again after a crash.
  virtual outcome compute(const std::string& command) {
    return outcome::failure("invalid", "nothing is computed under " + command);
  }
  /// The `compute` commands without an answer, asked for after activation.
  virtual std::vector<std::string> computing() const { return {}; }

  /// Holds something that nobody would tell it again: it is not purged, however long nothing happens to it.
  virtual bool keeps_anything() const { return false; }

  /// Lines of the store's index that the last record changed.
  virtual std::vector<journal::listing> listings() { return {}; }

  /// The whole state, outstanding commands and unanswered calls included.
  virtual std::string snapshot() const = 0;
  /// The same for people: JSON text.
  virtual std::string describe() const { return snapshot(); }
  virtual std::uint32_t schema() const = 0;
  virtual result<void> restore(std::uint32_t schema, std::string_view snapshot) = 0;
};

using fold_factory = std::function<std::unique_ptr<fold_agent>(const agent_id& id)>;

} // namespace troupe
