#include "gateway/api/answering.hpp"
#include "gateway/api/messages.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/http/body_reader.hpp"
#include "gateway/http/query_reader.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

struct mode_name {
  std::string_view name;
  restart_mode mode;
};

constexpr std::array<mode_name, 4> modes{{{"plain", restart_mode::plain},
                                          {"reset", restart_mode::reset},
                                          {"task_retry", restart_mode::task_retry},
                                          {"task_abandon", restart_mode::task_abandon}}};

checked<restart_mode> mode_named(const std::string& name) {
  if (name.empty())
    return restart_mode::plain;
  auto known = std::ranges::find(modes, name, &mode_name::name);
  if (known != modes.end())
    return known->mode;
  return tl::unexpected(bad_request("no restart mode is called \"" + name + "\"",
                                    "one of plain, reset, task_retry, task_abandon", "mode"));
}

/// The agent a verb is for, once the body has been found to hold nothing unknown.
checked<agent_id> verb_target(const http_request& request, body_reader& body) {
  query_reader query(request.query);
  if (auto problem = query.finish())
    return tl::unexpected(std::move(*problem));
  if (auto problem = body.finish())
    return tl::unexpected(std::move(*problem));
  return addressed_agent(request);
}

answer<agent_view> agent_answer(responder done) {
  return answering<agent_view>(std::move(done), [](const agent_view& agent) { return ok(to_json(agent)); });
}

void spawn_agent(const route_context& context, const http_request& request, responder done) {
  body_reader body(request.body, context.limits);
  auto id = verb_target(request, body);
  if (!id)
    return done(error_response(id.error()));
  context.node.spawn(std::move(*id), agent_answer(std::move(done)));
}

void stop_agent(const route_context& context, const http_request& request, responder done) {
  body_reader body(request.body, context.limits);
  auto reason = body.optional_text("reason", reason_bytes_max);
  auto id = verb_target(request, body);
  if (!id)
    return done(error_response(id.error()));
  context.node.stop(std::move(*id), reason.empty() ? "stopped by an operator" : std::move(reason),
                    agent_answer(std::move(done)));
}

void restart_agent(const route_context& context, const http_request& request, responder done) {
  body_reader body(request.body, context.limits);
  auto name = body.optional_text("mode", reason_bytes_max);
  auto id = verb_target(request, body);
  if (!id)
    return done(error_response(id.error()));
  auto mode = mode_named(name);
  if (!mode)
    return done(error_response(mode.error()));
  context.node.restart(std::move(*id), *mode, agent_answer(std::move(done)));
}

} // namespace

void add_agent_verbs(route_table& table, const route_context& context) {
  const auto through = [&context](auto* verb) {
    return [context, verb](const http_request& request, responder done) {
      verb(context, request, std::move(done));
    };
  };
  const std::vector<route_response> one_agent{{200, "The agent as it is now.", "agent"},
                                              {404, "Nobody has created it.", "error"}};
  table.add({http_method::post,
             "/v1/agents/{kind}/{key}",
             "spawn_agent",
             "agents",
             "Activate an agent without mail, creating it if need be.",
             agent_parameters(),
             "empty",
             {{200, "The agent, active.", "agent"}, {404, "This node has no such kind.", "error"}},
             through(spawn_agent)});
  table.add({http_method::post, "/v1/agents/{kind}/{key}/stop", "stop_agent", "agents",
             "Stop an agent: it runs no more until it is restarted.", agent_parameters(), "stop", one_agent,
             through(stop_agent)});
  table.add({http_method::post, "/v1/agents/{kind}/{key}/restart", "restart_agent", "agents",
             "Start an agent again from its committed state.", agent_parameters(), "restart", one_agent,
             through(restart_agent)});
}

} // namespace troupe::gateway
