#include "gateway/metrics/http_metrics.hpp"
#include "gateway/metrics/node_metrics.hpp"
#include "gateway/metrics/registry.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::gateway;

namespace {

const metric seen{metric_kind::counter, "seen_total", "How many were seen."};
const metric depth{metric_kind::gauge, "depth", "How deep it is."};

bool holds(const std::string& text, const std::string& line) {
  return text.find(line + "\n") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(a_counter_adds_up_per_label) {
  metric_registry registry;
  registry.count(seen, {{"who", "a"}}, 1);
  registry.count(seen, {{"who", "a"}}, 2);
  registry.count(seen, {{"who", "b"}}, 5);
  BOOST_TEST(holds(registry.scrape(), R"(seen_total{who="a"} 3)"));
  BOOST_TEST(holds(registry.scrape(), R"(seen_total{who="b"} 5)"));
}

BOOST_AUTO_TEST_CASE(a_total_kept_elsewhere_only_rises) {
  metric_registry registry;
  registry.count_to(seen, {}, 7);
  registry.count_to(seen, {}, 7);
  registry.count_to(seen, {}, 3);
  BOOST_TEST(holds(registry.scrape(), "seen_total 7"));
}

BOOST_AUTO_TEST_CASE(a_gauge_holds_its_last_value) {
  metric_registry registry;
  registry.set(depth, {}, 9);
  registry.set(depth, {}, 4);
  BOOST_TEST(holds(registry.scrape(), "depth 4"));
}

BOOST_AUTO_TEST_CASE(requests_are_counted_by_route_not_by_path) {
  auto registry = std::make_shared<metric_registry>();
  request_record record;
  record.method = "GET";
  record.route = "/v1/agents/{kind}/{key}";
  record.path = "/v1/agents/desk/a";
  record.status = 200;
  http_metrics(registry).completed(record);
  BOOST_TEST(
      holds(registry->scrape(),
            R"(troupe_http_requests_total{method="GET",route="/v1/agents/{kind}/{key}",status="200"} 1)"));
}

BOOST_AUTO_TEST_CASE(a_nodes_ledger_is_exported_whole) {
  metric_registry registry;
  node_view node;
  node.state = "up";
  node.totals.sent = 10;
  node.totals.applied = 7;
  node.totals.pending = 3;
  record_node(registry, node);
  BOOST_TEST(holds(registry.scrape(), R"(troupe_messages_total{outcome="sent"} 10)"));
  BOOST_TEST(holds(registry.scrape(), "troupe_messages_pending 3"));
  BOOST_TEST(holds(registry.scrape(), R"(troupe_node_state{state="up"} 1)"));
  BOOST_TEST(holds(registry.scrape(), R"(troupe_node_state{state="draining"} 0)"));
}

BOOST_AUTO_TEST_SUITE_END()
