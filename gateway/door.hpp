#pragma once

#include "actors/models/native/services.hpp"
#include "config/result.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/http/limits.hpp"
#include "gateway/http/server.hpp"
#include "gateway/log/log.hpp"
#include "gateway/metrics/registry.hpp"
#include "runtime/door/node_api.hpp"
#include "workflows/run/deployed.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace troupe::gateway {

struct door_settings {
  server_settings listen;
  http_limits limits;
};

/// What a door needs from its surroundings; shared, because a node may answer after the door is closed.
struct door_services {
  log_book log;
  std::shared_ptr<clock_source> clock;
  std::shared_ptr<metric_registry> metrics;
  std::shared_ptr<const workflow::deployed_catalog> workflows = {}; // null: the node runs none
  std::shared_ptr<const models::native_services> models = {};       // null: none of its own
  std::shared_ptr<const link_signer> links = {};                    // null: nobody decides by a link
  reload_files reload = {};                                         // null: files stay as they were read
};

/// The HTTP API of one node, listening. The node must outlive it.
class door {
public:
  static result<std::unique_ptr<door>> open(const door_settings& settings, node_api& node,
                                            const door_services& services);
  ~door();

  std::uint16_t port() const noexcept;
  std::string url() const;

  /// No new connections; running requests finish. True if nobody had to be cut off.
  bool drain(std::chrono::milliseconds limit);

private:
  class rooms;
  explicit door(std::unique_ptr<rooms> inside);
  std::unique_ptr<rooms> inside_;
};

} // namespace troupe::gateway
