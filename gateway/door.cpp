#include "gateway/door.hpp"

#include "gateway/http/id_source.hpp"
#include "gateway/log/access_log.hpp"
#include "gateway/metrics/http_metrics.hpp"

#include <atomic>

namespace troupe::gateway {

/// Declared in the order of dependence: the server goes first, what it calls goes last.
class door::rooms {
public:
  rooms(const door_settings& settings, node_api& node, const door_services& services)
      : limits_(settings.limits)
      , ids_(services.clock)
      , dispatcher_(make_routes({node, limits_, services.metrics, [this] { return open_connections(); },
                                 services.workflows, services.models, services.clock,
                                 [this] { return ids_.draw(); }, services.links, services.reload}),
                    limits_, [this] { return ids_.draw(); },
                    {std::make_shared<access_log>(services.log.create_service_logger("gateway")),
                     std::make_shared<http_metrics>(services.metrics)}) {}

  result<bool> listen(const server_settings& settings) {
    auto started = http_server::start(settings, dispatcher_);
    if (!started)
      return tl::unexpected(started.error());
    server_ = std::move(*started);
    listening_ = server_.get();
    return true;
  }

  http_server& server() noexcept { return *server_; }

private:
  /// The first request may come before `listen` has returned.
  std::size_t open_connections() const {
    const auto* server = listening_.load();
    return server ? server->connections() : 0;
  }

  http_limits limits_;
  id_source ids_;
  dispatcher dispatcher_;
  std::atomic<http_server*> listening_{nullptr};
  std::unique_ptr<http_server> server_;
};

door::door(std::unique_ptr<rooms> inside)
    : inside_(std::move(inside)) {}
door::~door() = default;

result<std::unique_ptr<door>> door::open(const door_settings& settings, node_api& node,
                                         const door_services& services) {
  auto inside = std::make_unique<rooms>(settings, node, services);
  if (auto listening = inside->listen(settings.listen); !listening)
    return tl::unexpected(listening.error());
  return std::unique_ptr<door>(new door(std::move(inside)));
}

std::uint16_t door::port() const noexcept { return inside_->server().port(); }
std::string door::url() const { return inside_->server().url(); }
bool door::drain(std::chrono::milliseconds limit) { return inside_->server().drain(limit); }

} // namespace troupe::gateway
