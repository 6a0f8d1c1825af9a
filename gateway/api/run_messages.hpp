#pragma once

#include "gateway/http/api_error.hpp"
#include "gateway/http/limits.hpp"
#include "runtime/base/json_fwd.hpp"
#include "runtime/door/node_api.hpp"
#include "workflows/run/deployed.hpp"

#include <string>

namespace troupe::gateway {

/// A new run of the workflow named in the path; its input is checked here, so that a wrong one is told at
/// once.
checked<inject_request> read_run_start(const http_request& request, const workflow::deployed_catalog& known,
                                       const http_limits& limits);

/// 202 {id, state}; 200 with the end when it was waited for.
http_response run_started(const inject_answer& answered);

/// The agent that is the run of that id.
checked<agent_id> run_agent_id(const std::string& run);

/// What is known of a run: its view, or, while its start still lies in the outbox, only that. not_found:
/// there is none.
void look_at_run(node_api& node, const std::string& run, std::function<void(result<json>)> done);

/// An approval is a part of its run, whose id its own begins with.
std::string run_of_approval(const std::string& approval);
/// As its run shows it, decided or not. not_found: there is none.
void look_at_approval(node_api& node, const std::string& id, std::function<void(result<json>)> done);

/// What a request asks of an agent that answers in its next turn.
struct steering {
  std::string verb;
  std::string body; // JSON text
  std::string trace;
  std::string idempotency_key = {};
};

/// Asks an agent; `done` gets what it answered.
void steer_agent(node_api& node, agent_id to, steering what, std::function<void(result<json>)> done);

/// The same for a run that has to exist: it is looked up first, or a wrong id would create an agent.
void steer_run(node_api& node, const std::string& run, steering what, std::function<void(result<json>)> done);

} // namespace troupe::gateway
