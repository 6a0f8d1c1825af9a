#pragma once

#include "runtime/agent/agent_cell.hpp"
#include "runtime/node/ingress_shard.hpp"

#include <functional>
#include <string>
#include <variant>

namespace troupe::host {

// Everything an agent's host may be told. One CAF message type carries them all; it never leaves the process.

struct in_begin {};
struct in_deliver {
  journal::pending_row row;
};
struct in_told {
  told what;
};
struct in_refilled {
  lane on = lane::mail;
  result<journal::pending_window> window;
};
struct in_committed {
  std::uint64_t turn = 0;
  journal::receipt receipt;
};
struct in_settled {
  std::string task;
  std::string effect;
  outcome answer;
};
struct in_wake {};     // look at the clock
struct in_more {};     // go on where the last slice ended
struct in_farewell {}; // nothing can follow: leave
struct in_passivate {};
struct in_look_again {};
struct in_stop {}; // the supervisor ends this activation
struct in_operate {
  std::function<void(agent_cell&, instant)> what;
};
struct in_effects {
  std::vector<journal::effect_row> rows;
};
/// Stand still for a move; answers the activation's epoch once all is in the journal.
struct in_freeze {
  answer<std::uint64_t> done;
};
struct in_thaw {};
struct in_let_go {}; // another node has it
// Ingress shards only.
struct in_inject {
  inject_request request;
  answer<inject_answer> done;
};
struct in_key_found {
  std::string key;
  result<std::optional<journal::agent_row>> row;
};

struct host_input {
  std::variant<in_begin, in_deliver, in_told, in_refilled, in_committed, in_settled, in_wake, in_more,
               in_farewell, in_passivate, in_look_again, in_stop, in_operate, in_effects, in_freeze, in_thaw,
               in_let_go, in_inject, in_key_found>
      what;
};

} // namespace troupe::host
