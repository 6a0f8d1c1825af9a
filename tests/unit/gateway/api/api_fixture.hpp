#pragma once

#include "gateway/api/routes.hpp"
#include "gateway/http/dispatcher.hpp"
#include "tests/support/fake_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <optional>

namespace troupe::test {

/// The whole door but its sockets, before a fake node that has one agent, desk/a.
struct api_fixture {
  api_fixture() {
    agent_view agent;
    agent.id = agent_id::make("default", "desk", "a").value();
    agent.state = agent_state::idle;
    node.agents[agent.id.text()] = agent;
    node.itself.id = "node-a";
    node.itself.state = "up";
  }

  gateway::http_response ask(gateway::http_method method, const std::string& target,
                             const std::string& body = {}, const gateway::named_values& headers = {}) {
    gateway::raw_request request;
    request.method = method;
    request.target = target;
    request.body = body;
    request.headers = {{"host", "127.0.0.1:7070"}, {"content-type", "application/json"}};
    request.headers.insert(request.headers.end(), headers.begin(), headers.end());
    std::optional<gateway::http_response> answered;
    door.handle(std::move(request), [&](gateway::http_response response) { answered = std::move(response); });
    BOOST_REQUIRE(answered);
    return *answered;
  }

  gateway::http_response get(const std::string& target) { return ask(gateway::http_method::get, target); }

  gateway::http_response post(const std::string& target, const std::string& body,
                              const gateway::named_values& headers = {}) {
    return ask(gateway::http_method::post, target, body, headers);
  }

  static nlohmann::json body_of(const gateway::http_response& response) {
    return nlohmann::json::parse(response.body);
  }

  /// As response headers are written.
  static std::string header(const gateway::http_response& response, std::string_view name) {
    return std::string(gateway::find_value(response.headers, name).value_or(""));
  }

  fake_node node;
  gateway::http_limits limits;
  std::shared_ptr<gateway::metric_registry> metrics = std::make_shared<gateway::metric_registry>();
  gateway::dispatcher door{gateway::make_routes({node, limits, metrics, [] { return std::size_t{3}; }}),
                           limits,
                           [] { return std::string("DRAWN"); },
                           {}};
};

} // namespace troupe::test
