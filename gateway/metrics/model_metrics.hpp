#pragma once

#include "actors/models/native/services.hpp"
#include "gateway/metrics/metric_sink.hpp"

#include <chrono>
#include <string>

namespace troupe::gateway {

/// How the models of this node stand: queues, batches, caches.
void record_models(metric_sink& sink, const models::native_services& all);

/// One answer of a model, whoever runs it. The domain is what an agent's kind begins with, or `api`.
void record_inference(metric_sink& sink, const std::string& model, const std::string& domain,
                      std::chrono::milliseconds took);

} // namespace troupe::gateway
