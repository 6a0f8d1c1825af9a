#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::gateway {

enum class metric_kind : unsigned char { counter, gauge, histogram };

/// What a metric is; one constant per metric, so that its name, help and buckets are written down once.
struct metric {
  metric_kind kind;
  std::string_view name;
  std::string_view help;
  std::vector<double> buckets = {}; // histograms only, ascending
};

using metric_labels = std::vector<std::pair<std::string, std::string>>;

/// Where numbers about the running system go. Any thread; never blocks on anything but a short lock.
class metric_sink {
public:
  virtual ~metric_sink() = default;
  virtual void count(const metric& what, const metric_labels& labels, double by = 1) = 0;
  /// For counters that somebody else keeps: raises ours to `total`; a smaller total is ignored.
  virtual void count_to(const metric& what, const metric_labels& labels, double total) = 0;
  virtual void set(const metric& what, const metric_labels& labels, double value) = 0;
  virtual void observe(const metric& what, const metric_labels& labels, double value) = 0;
};

} // namespace troupe::gateway
