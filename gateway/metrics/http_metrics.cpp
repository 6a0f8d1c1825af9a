#include "gateway/metrics/http_metrics.hpp"

namespace troupe::gateway {

namespace {

const metric requests_total{metric_kind::counter, "troupe_http_requests_total",
                            "Requests answered, by method, route template and status."};
// From a lookup in memory (0.5 ms) over a durable commit (some ms) to the longest wait for a reply.
const metric request_seconds{
    metric_kind::histogram,
    "troupe_http_request_duration_seconds",
    "Time from the whole request read to its answer known.",
    {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60}};
const metric bytes_total{metric_kind::counter, "troupe_http_body_bytes_total",
                         "Bytes of bodies, by direction."};

} // namespace

void http_metrics::completed(const request_record& record) {
  const auto route = record.route.empty() ? std::string("none") : record.route;
  sink_->count(requests_total,
               {{"method", record.method}, {"route", route}, {"status", std::to_string(record.status)}}, 1);
  sink_->observe(request_seconds, {{"route", route}}, std::chrono::duration<double>(record.took).count());
  sink_->count(bytes_total, {{"direction", "in"}}, static_cast<double>(record.bytes_in));
  sink_->count(bytes_total, {{"direction", "out"}}, static_cast<double>(record.bytes_out));
}

} // namespace troupe::gateway
