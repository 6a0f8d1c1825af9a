#pragma once

#include "gateway/metrics/metric_sink.hpp"
#include "runtime/door/views.hpp"

namespace troupe::gateway {

/// Copies what a node says about itself; called at each scrape.
void record_node(metric_sink& sink, const node_view& node);
void record_connections(metric_sink& sink, std::size_t open);
void record_build(metric_sink& sink, std::string_view version);

} // namespace troupe::gateway
