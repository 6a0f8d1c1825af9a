#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/journal/journal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace troupe {

/// The states of INTERFACES.md; on one node unplaced, placing and migrating do not occur.
enum class agent_state : std::uint8_t {
  unplaced,
  placing,
  starting,
  idle,
  busy,
  waiting,
  migrating,
  passive,
  failed,
  stopped
};
std::string_view to_string(agent_state s) noexcept;

/// One thing an agent waits for: what, since when, on whom, and what would get it going.
struct wait_view {
  std::string what;   // "reply to lookup", "timer", "signal approve", "model.generate"
  std::string on;     // agent, model or person; may be empty
  std::string task;   // task id
  std::string effect; // effect id
  instant since{};
  instant until = never; // deadline or due time
  std::string next;      // what would get it going, as a sentence or a command
};

struct task_view {
  std::string id;
  std::string type; // handler
  std::string from;
  std::string trace;
  instant begun{};
  std::uint32_t turns = 0;
  std::uint32_t effects = 0;
  std::vector<wait_view> waits;
};

struct mail_view {
  std::string id;
  std::string from;
  std::string type;
  std::string kind; // message, call, timer, reply, …
  std::uint64_t number = 0;
  instant sent{};
  std::size_t bytes = 0;
};

struct document_view {
  std::string key;
  std::uint32_t schema = 0;
  std::string body; // JSON text
};

/// An active agent as its node sees it at a glance.
struct live_view {
  agent_id id;
  agent_state state = agent_state::idle;
  std::uint32_t mailbox_depth = 0;
  std::uint64_t turns = 0;
};

struct agent_view {
  agent_id id;
  std::string node;        // its owner's name
  std::uint64_t owner = 0; // and node epoch; 0: a node alone
  agent_state state = agent_state::passive;
  std::string reason;
  std::uint64_t birth = 0;
  std::uint64_t epoch = 0;
  std::uint32_t mailbox_depth = 0; // mail in memory; more may lie in senders' outboxes
  std::uint64_t turns = 0;         // since activation
  std::uint32_t restarts = 0;
  instant next_due = never;
  std::vector<task_view> tasks;
  std::vector<document_view> state_documents; // only in `inspect`
  std::vector<std::string> why;               // sentences, only in `inspect`
};

struct kind_view {
  std::string name;
  std::string discipline; // exclusive, interleaved, fold
  std::uint32_t version = 1;
  std::vector<std::string> types; // handlers
};

struct node_view {
  std::string id;
  std::string state; // joining up cordoned draining unreachable left
  std::string reason;
  std::uint64_t epoch = 0;
  instant started{};
  std::uint64_t active_agents = 0;
  std::uint64_t turns = 0;
  std::uint64_t commits = 0;
  std::uint64_t effects_repeated = 0;
  std::uint64_t ephemeral_dropped = 0;
  std::uint64_t crashes = 0;
  journal::ledger totals;
  std::vector<kind_view> kinds;
};

} // namespace troupe
