#pragma once

#include "gateway/http/api_error.hpp"
#include "gateway/http/limits.hpp"
#include "runtime/door/node_api.hpp"

#include <string>
#include <string_view>

namespace troupe::gateway {

/// What a request says is to be sent, to whom, and how long its sender waits.
checked<inject_request> read_message(const http_request& request, const http_limits& limits);

/// 202 {id, state} once durable, 200 {id, reply} when replied to, else how the agent failed.
http_response message_response(const inject_answer& answered);

/// The request's Idempotency-Key; empty when it has none.
checked<std::string> read_idempotency_key(const http_request& request);

/// {kind}/{key} of the path, in the default tenant.
checked<agent_id> addressed_agent(const http_request& request);

} // namespace troupe::gateway
