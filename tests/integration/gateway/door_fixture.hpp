#pragma once

#include "gateway/door.hpp"
#include "tests/integration/gateway/raw_client.hpp"
#include "tests/support/fake_node.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::test {

struct silent_log : gateway::log_sink {
  bool enabled(gateway::log_level) const noexcept override { return false; }
  void write(const gateway::log_record&) override {}
};

struct ticking_clock : clock_source {
  instant now() override { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }
};

/// A real door on a free port before a fake node with the agent desk/a.
struct door_fixture {
  door_fixture() {
    agent_view agent;
    agent.id = agent_id::make("default", "desk", "a").value();
    node.agents[agent.id.text()] = agent;
  }

  /// Listens under the limits as they are by now.
  raw_client connect() {
    if (!door)
      open();
    return raw_client(door->port());
  }

  void open() {
    auto clock = std::make_shared<ticking_clock>();
    gateway::door_services services{gateway::log_book(std::make_shared<silent_log>(), clock), clock,
                                    std::make_shared<gateway::metric_registry>()};
    auto opened = gateway::door::open({{"127.0.0.1", 0, 2}, limits}, node, services);
    BOOST_REQUIRE(opened);
    door = std::move(*opened);
  }

  fake_node node;
  gateway::http_limits limits;
  std::unique_ptr<gateway::door> door;
};

} // namespace troupe::test
