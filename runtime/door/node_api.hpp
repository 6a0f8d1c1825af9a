#pragma once

#include "config/result.hpp"
#include "runtime/door/views.hpp"
#include "runtime/effects/outcome.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// A message from outside. Deduplicated by (tenant, principal, target, key) when it carries a key (CORE.md
/// §7).
struct inject_request {
  agent_id to;
  std::string creates; // a kind: the message goes to a new agent of it whose key is the message's id, and
                       // `to` only names what the key of deduplication is about
  std::string type;
  std::string body; // JSON text
  std::string principal = "local";
  std::string idempotency_key; // empty: no deduplication
  std::string trace;           // correlation id; empty: a new one
  milliseconds wait{0};        // how long the caller wants to wait for the reply; zero: not at all

  const std::string& receiver_kind() const noexcept { return creates.empty() ? to.kind() : creates; }
};

struct inject_answer {
  std::string id; // message id: the first one under a repeated key
  std::string trace;
  bool repeated = false;        // answered from the deduplication row
  std::optional<outcome> reply; // absent: not waited for, or the wait ran out
};

enum class restart_mode : std::uint8_t { plain, reset, task_retry, task_abandon };

struct agent_query {
  std::string prefix; // of `kind/key`
  std::optional<agent_state> state;
  std::string cursor;
  std::size_t limit = 100;
};

template<class T>
using answer = std::function<void(result<T>)>;

/// How an agent came to another node: what each phase took, and how long it stood still.
struct move_report {
  struct phase {
    std::string name; // prepare, freeze, switch
    double ms = 0;
  };
  std::string agent;
  std::string from;
  std::string to;
  std::vector<phase> phases;
  double paused_ms = 0;
  std::uint64_t epoch = 0;
};

enum class node_order : std::uint8_t { cordon, uncordon, drain, leave };

/// What came of an order to a node: whom it could not move, and why.
struct node_order_report {
  std::string node;
  std::string state;
  std::uint64_t moved = 0;
  std::vector<std::pair<std::string, std::string>> left; // agent, reason
};

/// What the outside (HTTP, CLI, tests) may ask of a node. Every call returns at once; the function is called
/// exactly once, on any thread. Unknown agents are not_found, full queues overloaded, a draining node
/// unavailable.
class node_api {
public:
  virtual ~node_api() = default;

  /// Answers once the message is durable, or replied to, or the wait has run out.
  virtual void inject(inject_request request, answer<inject_answer> done) = 0;

  /// Activates an agent without mail (creating it if need be).
  virtual void spawn(agent_id id, answer<agent_view> done) = 0;
  virtual void stop(agent_id id, std::string reason, answer<agent_view> done) = 0;
  virtual void restart(agent_id id, restart_mode mode, answer<agent_view> done) = 0;

  virtual void list(agent_query query, answer<journal::page<agent_view>> done) = 0;
  virtual void inspect(agent_id id, answer<agent_view> done) = 0;
  virtual void mailbox(agent_id id, std::size_t limit, answer<journal::page<mail_view>> done) = 0;
  virtual void history(agent_id id, std::string cursor, std::size_t limit,
                       answer<journal::page<journal::stored_event>> done) = 0;

  virtual void dead_letters(std::string cursor, std::size_t limit,
                            answer<journal::page<journal::stored_dead_letter>> done) = 0;
  virtual void dead_letter(std::string id, answer<journal::stored_dead_letter> done) = 0;
  /// Sends the letter again as a new message from the operator; answers its id.
  virtual void replay_dead_letter(std::string id, answer<inject_answer> done) = 0;

  /// Lines of the store's index: runs, approvals.
  virtual void listings(journal::listing_query query,
                        answer<journal::page<journal::stored_listing>> done) = 0;

  virtual void node(answer<node_view> done) = 0;

  // In a cluster. A node alone lists itself and refuses the rest.
  virtual void nodes(answer<std::vector<node_view>> done);
  virtual void migrate(agent_id id, std::string to, answer<move_report> done);
  virtual void order_node(std::string name, node_order what, answer<node_order_report> done);

  /// False once draining or once the store failed; `why` says which.
  virtual bool ready(std::string& why) const = 0;
};

} // namespace troupe
