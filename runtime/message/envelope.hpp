#pragma once

#include "config/result.hpp"
#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/effects/outcome.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe {

/// What a message is for. Mail lane: message, call, timer. Control lane: reply, cancel, signal, stop.
enum class message_kind : std::uint8_t { message = 0, call, timer, reply, cancel, signal, stop };

/// Replies, cancels, signals and stops have a lane of their own, so that a task awaiting a reply from the
/// sender of waiting mail cannot wait for ever.
enum class lane : std::uint8_t { mail = 0, control = 1 };

constexpr lane lane_of(message_kind k) noexcept {
  return k <= message_kind::timer ? lane::mail : lane::control;
}

/// A durable message as it lies in its sender's outbox. On the wire and at rest it is Protobuf
/// (runtime/wire/envelope.proto) with a schema version; fields this build does not know survive.
struct envelope {
  message_kind kind = message_kind::message;
  std::string id; // ULID, for people, traces and dead letters; never used for deduplication
  agent_id from;
  agent_id to;
  std::string type; // handler name, signal name, or the verb answered
  std::string body; // JSON text
  instant sent{};
  std::string trace; // correlation id, handed on by everything this message causes

  // Calls, their replies and cancels.
  std::string call_key; // stable over retries
  std::uint32_t attempt = 0;
  instant deadline = never;
  std::vector<agent_id> chain;   // who waits for this call, outermost first; at most 32
  bool once = false;             // outside effects below may not be asked for twice (CORE.md §6)
  outcome answer;                // replies only
  std::uint64_t call_number = 0; // cancels: the mail number of the call they name

  bool told = false; // in no journal: a query, or a message told; answered the same way

  std::string correlation; // signals: which wait they are for
  std::string principal;   // who injected it, when it came from outside
  std::string unknown;     // fields of a newer build, kept verbatim
};

std::string encode(const envelope& e);
result<envelope> decode_envelope(std::string_view bytes);

} // namespace troupe
