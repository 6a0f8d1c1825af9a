#include "gateway/api/answering.hpp"
#include "gateway/api/routes.hpp"
#include "gateway/metrics/model_metrics.hpp"
#include "gateway/metrics/node_metrics.hpp"
#include "gateway/version.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

http_response not_ready(const std::string& why) {
  return error_response(error{fault::unavailable, why, "troupe doctor says more"});
}

http_response readiness(const node_api& node) {
  std::string why;
  if (!node.ready(why))
    return not_ready(why);
  return ok(json{{"status", "ready"}});
}

/// For people and dashboards: readiness with what stands behind it.
void health(const route_context& context, const http_request&, responder done) {
  std::string why;
  const bool ready = context.node.ready(why);
  context.node.node(answering<node_view>(std::move(done), [ready, why](const node_view& view) {
    auto response = ok(json{{"status", ready ? "ok" : "unavailable"},
                            {"ready", ready},
                            {"reason", why},
                            {"version", version},
                            {"node", to_json(view)}});
    response.status = ready ? 200 : 503;
    return response;
  }));
}

/// A node that cannot describe itself is still scraped: its other numbers matter most then.
void scrape(const route_context& context, const http_request&, responder done) {
  record_connections(*context.metrics, context.connections());
  record_build(*context.metrics, version);
  if (context.models)
    record_models(*context.metrics, *context.models);
  context.node.node([metrics = context.metrics, done = std::move(done)](const result<node_view>& view) {
    if (view)
      record_node(*metrics, *view);
    http_response response;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = metrics->scrape();
    done(std::move(response));
  });
}

} // namespace

void add_operations_routes(route_table& table, const route_context& context) {
  const auto ready = [&node = context.node](const http_request&, const responder& done) {
    done(readiness(node));
  };
  const auto through = [&context](auto* verb) {
    return [context, verb](const http_request& request, responder done) {
      verb(context, request, std::move(done));
    };
  };
  const std::vector<route_response> readiness_responses{{200, "Takes requests.", "status"},
                                                        {503, "Drains, or the store failed.", "error"}};
  table.add({http_method::get,
             "/livez",
             "livez",
             "operations",
             "The process answers.",
             {},
             "",
             {{200, "Alive.", "status"}},
             [](const http_request&, const responder& done) {
               done(ok(json{{"status", "alive"}}));
             }});
  table.add({http_method::get,
             "/readyz",
             "readyz",
             "operations",
             "The node takes messages.",
             {},
             "",
             readiness_responses,
             ready});
  table.add({http_method::get,
             "/ready",
             "ready",
             "operations",
             "The same as /readyz.",
             {},
             "",
             readiness_responses,
             ready});
  table.add({http_method::get,
             "/health",
             "health",
             "operations",
             "Readiness with the node's own figures.",
             {},
             "",
             {{200, "Healthy.", "health"}, {503, "Drains, or the store failed.", "health"}},
             through(health)});
  table.add({http_method::get,
             "/metrics",
             "metrics",
             "operations",
             "Metrics in the Prometheus text format.",
             {},
             "",
             {{200, "All metrics.", "", "text/plain"}},
             through(scrape)});
}

} // namespace troupe::gateway
