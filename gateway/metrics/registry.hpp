#pragma once

#include "gateway/metrics/metric_sink.hpp"

#include <memory>
#include <string>

namespace troupe::gateway {

/// The metrics of one node on prometheus-cpp.
class metric_registry : public metric_sink {
public:
  metric_registry();
  ~metric_registry() override;

  void count(const metric& what, const metric_labels& labels, double by) override;
  void count_to(const metric& what, const metric_labels& labels, double total) override;
  void set(const metric& what, const metric_labels& labels, double value) override;
  void observe(const metric& what, const metric_labels& labels, double value) override;

  /// Everything in the Prometheus text format.
  std::string scrape() const;

private:
  class families;
  std::unique_ptr<families> families_;
};

} // namespace troupe::gateway
