#include "gateway/metrics/registry.hpp"

#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace troupe::gateway {

namespace {

prometheus::Labels library_labels(const metric_labels& labels) { return {labels.begin(), labels.end()}; }

template<class Builder>
auto& family_of(Builder builder, prometheus::Registry& registry, const metric& what) {
  return builder.Name(std::string(what.name)).Help(std::string(what.help)).Register(registry);
}

} // namespace

/// The library returns what is already there when a name or a set of labels is asked for again.
class metric_registry::families {
public:
  prometheus::Counter& counter(const metric& what, const metric_labels& labels) {
    return family_of(prometheus::BuildCounter(), registry_, what).Add(library_labels(labels));
  }

  prometheus::Gauge& gauge(const metric& what, const metric_labels& labels) {
    return family_of(prometheus::BuildGauge(), registry_, what).Add(library_labels(labels));
  }

  prometheus::Histogram& histogram(const metric& what, const metric_labels& labels) {
    return family_of(prometheus::BuildHistogram(), registry_, what).Add(library_labels(labels), what.buckets);
  }

  std::string text() const { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

  std::mutex raising; // reading a total and adding the difference is one step

private:
  prometheus::Registry registry_;
};

metric_registry::metric_registry()
    : families_(std::make_unique<families>()) {}
metric_registry::~metric_registry() = default;

void metric_registry::count(const metric& what, const metric_labels& labels, double by) {
  families_->counter(what, labels).Increment(by);
}

void metric_registry::count_to(const metric& what, const metric_labels& labels, double total) {
  std::lock_guard lock(families_->raising);
  auto& counter = families_->counter(what, labels);
  if (auto missing = total - counter.Value(); missing > 0)
    counter.Increment(missing);
}

void metric_registry::set(const metric& what, const metric_labels& labels, double value) {
  families_->gauge(what, labels).Set(value);
}

void metric_registry::observe(const metric& what, const metric_labels& labels, double value) {
  families_->histogram(what, labels).Observe(value);
}

std::string metric_registry::scrape() const { return families_->text(); }

} // namespace troupe::gateway
