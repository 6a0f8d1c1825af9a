#include "gateway/log/access_log.hpp"
#include "gateway/log/log.hpp"
#include "gateway/log/redact.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <vector>

using namespace troupe;
using namespace troupe::gateway;

namespace {

struct kept_lines : log_sink {
  bool enabled(log_level level) const noexcept override { return level >= least; }
  void write(const log_record& record) override { lines.push_back(record); }
  log_level least = log_level::info;
  std::vector<log_record> lines;
};

struct fixed_clock : clock_source {
  instant now() override { return from_ms(1'000); }
};

struct one_book {
  std::shared_ptr<kept_lines> sink = std::make_shared<kept_lines>();
  log_book book{sink, std::make_shared<fixed_clock>()};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(logging, one_book)

BOOST_AUTO_TEST_CASE(a_line_carries_its_service_time_and_fields) {
  book.create_service_logger("billing").warn("slow", {"trace-1", "ada", "pay", "{}"});
  BOOST_REQUIRE_EQUAL(sink->lines.size(), 1u);
  BOOST_TEST(sink->lines[0].service == "billing");
  BOOST_TEST(sink->lines[0].fields.correlation_id == "trace-1");
  BOOST_TEST((sink->lines[0].at == from_ms(1'000)));
}

BOOST_AUTO_TEST_CASE(lines_below_the_level_are_not_written) {
  book.create_service_logger("billing").debug("detail");
  BOOST_TEST(sink->lines.empty());
}

BOOST_AUTO_TEST_CASE(each_request_is_one_line_with_its_correlation) {
  request_record record;
  record.method = "GET";
  record.route = "/v1/agents";
  record.path = "/v1/agents";
  record.status = 200;
  record.correlation = "trace-2";
  access_log(book.create_service_logger("gateway")).completed(record);
  BOOST_REQUIRE_EQUAL(sink->lines.size(), 1u);
  BOOST_TEST(sink->lines[0].message == "GET /v1/agents 200 in 0 us");
  BOOST_TEST(sink->lines[0].fields.correlation_id == "trace-2");
}

BOOST_AUTO_TEST_CASE(probes_are_not_logged_by_default) {
  request_record record;
  record.route = "/livez";
  record.status = 200;
  access_log(book.create_service_logger("gateway")).completed(record);
  BOOST_TEST(sink->lines.empty());
}

BOOST_AUTO_TEST_CASE(secrets_are_struck_out_at_any_depth) {
  auto value = nlohmann::json::parse(R"({"a":[{"apiKey":"k","X-API-Key":"k","password":"p","n":1}]})");
  redact(value);
  BOOST_TEST(value.dump() ==
             R"({"a":[{"X-API-Key":"[redacted]","apiKey":"[redacted]","n":1,"password":"[redacted]"}]})");
}

BOOST_AUTO_TEST_CASE(counts_of_tokens_are_no_secret) {
  auto value = nlohmann::json::parse(R"({"output_tokens":12})");
  redact(value);
  BOOST_TEST(value.dump() == R"({"output_tokens":12})");
}

BOOST_AUTO_TEST_SUITE_END()
