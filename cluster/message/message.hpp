#pragma once

#include "cluster/member/probing.hpp"
#include "runtime/door/node_api.hpp"
#include "runtime/node/peers.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace troupe::cluster {

/// A hint: the agent is there now.
struct moved {
  agent_id id;
  node_epoch to = 0;
};

/// One step of a migration between its source and its target (docs/cluster.md).
struct move_step {
  enum class what : std::uint8_t { prepare = 0, ready = 1, refused = 2, take = 3, taken = 4, failed = 5 };
  what kind = what::prepare;
  std::uint64_t move = 0; // numbered by the source
  agent_id id;
  std::uint64_t epoch = 0; // take: of the activation given away; taken: of the new one
  std::string why;         // refused, failed
};

/// Something an operator asks of one agent, wherever it is.
struct agent_order {
  enum class verb : std::uint8_t { inspect = 0, spawn = 1, stop = 2, restart = 3 };
  verb what = verb::inspect;
  agent_id id;
  std::string reason;                      // stop
  restart_mode mode = restart_mode::plain; // restart
};

struct look_at {
  std::vector<agent_id> ids;
};
struct migrate_order {
  agent_id id;
  std::string to; // a node's name
};
/// Move away whatever is active.
struct drain_order {};

using request_body = std::variant<inject_request, agent_order, look_at, migrate_order, drain_order>;
using response_body =
    std::variant<error, inject_answer, agent_view, std::vector<live_view>, move_report, node_order_report>;

struct request {
  std::uint64_t number = 0;
  request_body body;
};
struct response {
  std::uint64_t number = 0;
  response_body body;
};

using message = std::variant<probe_message, peer_notice, moved, move_step, request, response>;

std::string encode(const message& m);
result<message> decode_message(std::string_view bytes);

} // namespace troupe::cluster
