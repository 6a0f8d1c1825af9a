#pragma once

#include "gateway/http/request_observer.hpp"
#include "gateway/metrics/metric_sink.hpp"

#include <memory>

namespace troupe::gateway {

/// Counts and times requests by route template: paths themselves would make as many series as there are
/// agents.
class http_metrics : public request_observer {
public:
  explicit http_metrics(std::shared_ptr<metric_sink> sink)
      : sink_(std::move(sink)) {}
  void completed(const request_record& record) override;

private:
  std::shared_ptr<metric_sink> sink_;
};

} // namespace troupe::gateway
