#pragma once

#include "gateway/api/routes.hpp"
#include "gateway/api/run_messages.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace troupe::gateway {

/// What those of one kind can be told.
struct steering_verb {
  const char* verb;
  const char* summary;
  const char* schema; // of the body
};

/// Who is told: runs, schedules.
struct steering_target {
  std::string path; // "/v1/runs/{id}"; the verb follows
  std::string noun; // "run"
  std::vector<route_parameter> parameters;
  std::vector<route_response> responses;
};

/// The fields that a verb's body may have, as the message's body.
using read_steering = checked<std::string> (*)(const http_request& request, const http_limits& limits,
                                               const std::string& verb);
/// Hands the message on; `done` gets what was answered.
using carry_steering =
    std::function<void(const http_request& request, steering what, std::function<void(result<json>)> done)>;

/// `POST PATH/VERB` for each verb: durable, answered in the next turn, one taken for each Idempotency-Key.
void add_steering_routes(route_table& table, const route_context& context, const steering_target& target,
                         std::span<const steering_verb> verbs, read_steering read,
                         const carry_steering& carry);

} // namespace troupe::gateway
