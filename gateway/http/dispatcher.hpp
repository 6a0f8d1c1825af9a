#pragma once

#include "gateway/http/api_error.hpp"
#include "gateway/http/limits.hpp"
#include "gateway/http/request_observer.hpp"
#include "gateway/http/route_table.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace troupe::gateway {

using request_observers = std::vector<std::shared_ptr<request_observer>>;

/// Between the socket and the routes: correlation, guards, routing, and the same error body for every
/// refusal. Knows nothing of sockets; any number of threads may call it. A handler may answer after the
/// dispatcher is gone.
class dispatcher {
public:
  /// `draw_id` is called from any thread.
  dispatcher(route_table routes, const http_limits& limits, std::function<std::string()> draw_id,
             request_observers observers);

  /// Answers exactly once, on this or any other thread.
  void handle(raw_request request, responder done) const;

  /// What could not even be read as a request is answered and recorded like any other.
  http_response refuse(const api_error& problem, const std::string& peer) const;

  const http_limits& limits() const noexcept { return limits_; }

private:
  void route_to(raw_request request, std::string correlation, const responder& done,
                const std::function<void(const std::string&)>& routed) const;

  route_table routes_;
  http_limits limits_;
  std::function<std::string()> draw_id_;
  std::shared_ptr<const request_observers> observers_;
};

} // namespace troupe::gateway
