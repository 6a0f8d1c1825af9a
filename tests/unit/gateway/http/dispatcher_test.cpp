#include "gateway/http/dispatcher.hpp"

#include "tests/unit/gateway/api/api_fixture.hpp"

using namespace troupe::gateway;
using troupe::test::api_fixture;

namespace {

struct kept_records : request_observer {
  void completed(const request_record& record) override { records.push_back(record); }
  std::vector<request_record> records;
};

route_table one_route(route_handler handler) {
  route_table table;
  route row;
  row.path = "/thing/{id}";
  row.handler = std::move(handler);
  table.add(std::move(row));
  return table;
}

raw_request request_for(const std::string& target) {
  raw_request request;
  request.target = target;
  request.headers = {{"host", "localhost"}};
  return request;
}

struct observed {
  std::shared_ptr<kept_records> kept = std::make_shared<kept_records>();

  dispatcher before(route_handler handler) {
    return {one_route(std::move(handler)), {}, [] { return std::string("DRAWN"); }, {kept}};
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(dispatching, observed)

BOOST_AUTO_TEST_CASE(a_request_is_recorded_with_its_template) {
  auto door = before([](const http_request&, const responder& done) { done({}); });
  door.handle(request_for("/thing/7?x=1"), [](const http_response&) {});
  BOOST_REQUIRE_EQUAL(kept->records.size(), 1u);
  BOOST_TEST(kept->records[0].route == "/thing/{id}");
  BOOST_TEST(kept->records[0].path == "/thing/7");
  BOOST_TEST(kept->records[0].status == 200u);
}

BOOST_AUTO_TEST_CASE(a_handler_that_answers_twice_is_heard_once) {
  auto door = before([](const http_request&, const responder& done) {
    done({});
    done({});
  });
  int answers = 0;
  door.handle(request_for("/thing/7"), [&](const http_response&) { ++answers; });
  BOOST_TEST(answers == 1);
  BOOST_TEST(kept->records.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_handler_that_throws_is_a_defect_of_ours) {
  auto door = before([](const http_request&, const responder&) { throw std::runtime_error("oh"); });
  unsigned status = 0;
  door.handle(request_for("/thing/7"), [&](const http_response& response) { status = response.status; });
  BOOST_TEST(status == 500u);
}

BOOST_AUTO_TEST_CASE(an_answer_may_come_after_the_dispatcher_is_gone) {
  responder late;
  unsigned status = 0;
  {
    auto door = before([&](const http_request&, responder done) { late = std::move(done); });
    door.handle(request_for("/thing/7"), [&](const http_response& response) { status = response.status; });
  }
  late({});
  BOOST_TEST(status == 200u);
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_is_recorded_too) {
  auto door = before([](const http_request&, const responder& done) { done({}); });
  BOOST_TEST(door.refuse(bad_request("gibberish"), "127.0.0.1:5").status == 400u);
  BOOST_TEST(kept->records.at(0).status == 400u);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(door_answers, api_fixture)

BOOST_AUTO_TEST_CASE(a_given_correlation_id_comes_back) {
  auto response = ask(http_method::get, "/livez", {}, {{"x-correlation-id", "mine-1"}});
  BOOST_TEST(header(response, "X-Correlation-Id") == "mine-1");
}

BOOST_AUTO_TEST_CASE(a_missing_correlation_id_is_drawn) {
  BOOST_TEST(header(get("/livez"), "X-Correlation-Id") == "DRAWN");
}

BOOST_AUTO_TEST_CASE(a_correlation_id_that_could_forge_log_lines_is_refused) {
  auto response = ask(http_method::get, "/livez", {}, {{"x-correlation-id", "a\"b"}});
  BOOST_TEST(response.status == 400u);
  BOOST_TEST(header(response, "X-Correlation-Id") == "DRAWN");
}

BOOST_AUTO_TEST_CASE(options_names_the_methods_of_a_path) {
  auto response = ask(http_method::options, "/v1/agents/desk/a");
  BOOST_TEST(response.status == 204u);
  BOOST_TEST(header(response, "Allow") == "OPTIONS, GET, HEAD, POST");
}

BOOST_AUTO_TEST_CASE(a_method_that_is_not_served_is_405_with_allow) {
  auto response = ask(http_method::del, "/v1/agents");
  BOOST_TEST(response.status == 405u);
  BOOST_TEST(header(response, "Allow") == "OPTIONS, GET, HEAD");
}

BOOST_AUTO_TEST_CASE(an_unknown_path_is_404) { BOOST_TEST(get("/v2/agents").status == 404u); }

BOOST_AUTO_TEST_CASE(a_body_where_none_is_taken_is_refused) {
  BOOST_TEST(ask(http_method::get, "/v1/agents", "{}").status == 400u);
}

BOOST_AUTO_TEST_CASE(a_foreign_host_reaches_no_route) {
  raw_request request;
  request.target = "/livez";
  request.headers = {{"host", "evil.example"}};
  unsigned status = 0;
  door.handle(std::move(request), [&](const http_response& response) { status = response.status; });
  BOOST_TEST(status == 403u);
}

BOOST_AUTO_TEST_SUITE_END()
