#pragma once

#include "runtime/host/local_node.hpp"
#include "runtime/host/node_shared.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <vector>

namespace troupe {

/// CAF reads nothing from files or the command line: every value is set here.
struct caf_config : caf::actor_system_config {
  explicit caf_config(std::size_t threads) {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", threads);
    set("scheduler.max-throughput", std::size_t{200});
  }
};

struct local_node::parts {
  parts(node_options how, kind_registry kinds, journal::store& store, clock_source& clock,
        random_source& random, executors verbs);
  ~parts();

  result<void> claim_shards();
  result<void> count_crashes();
  result<void> count_crash(const std::string& agent, const std::string& subject, std::uint64_t session);
  void end_actors();
  bool any_in_flight();

  host::node_shared shared;
  caf_config config;
  std::unique_ptr<caf::actor_system> system;
  instant started{};
};

} // namespace troupe
