#include "actors/builtin/http_executor.hpp"
#include "actors/http/curl_transport.hpp"
#include "runtime/base/system_sources.hpp"
#include "tests/support/http_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace troupe::builtin {
namespace {

using namespace troupe::testing;

struct token final : cancel_token {
  bool canceled() const override { return false; }
};
struct sink final : progress_sink {
  void piece(std::string_view) override {}
};

/// The whole way from effect to socket, against one scripted service.
struct stage {
  explicit stage(std::vector<scripted_answer> script)
      : service(std::move(script)) {}
  outcome ask(const std::string& verb, json with) {
    with["url"] = service.url() + with.value("url", "/");
    effect_request request;
    request.verb = verb;
    request.body = with.dump();
    request.idempotency_key = "run-7/ask";
    request.agent = "workflow.run/7";
    sink progress;
    return executor.execute(request, token(), progress);
  }
  http_fixture service;
  http::curl_transport transport;
  system_clock_source time;
  secret_vault secrets{secret_key{}, [](const std::string&) { return result<std::string>("s3cret"); }};
  http_executor executor{transport, time, secrets, {milliseconds(20'000), 4'000, 3}};
};

BOOST_AUTO_TEST_SUITE(http_service)

BOOST_AUTO_TEST_CASE(a_post_arrives_and_its_answer_comes_back) {
  stage s({json_answer(201, R"({"id": 7})", {"X-One: 1"})});
  const auto done =
      s.ask("http.post",
            {{"url", "/notes"},
             {"body", {{"a", 1}}},
             {"query", {{"q", "ü"}}},
             {"headers", {{"Authorization", "Bearer " + s.secrets.make_reference("T", "workflow.run/7")}}}});
  BOOST_REQUIRE_MESSAGE(done.ok, done.message);
  const auto answer = json::parse(done.body);
  BOOST_TEST((answer["status"] == 201 && answer["body"]["id"] == 7 && answer["headers"]["x-one"] == "1"));
  const auto seen = s.service.seen().at(0);
  BOOST_TEST((seen.method == "POST" && seen.target == "/notes?q=%C3%BC" && seen.body == R"({"a":1})"));
  BOOST_TEST(seen.headers.at("idempotency-key") == "run-7/ask");
  BOOST_TEST(seen.headers.at("content-type") == "application/json");
  BOOST_TEST(seen.headers.at("authorization") == "Bearer s3cret");
}

BOOST_AUTO_TEST_CASE(every_method_arrives_as_itself) {
  stage s({json_answer(200, "{}")});
  for (const std::string method : {"GET", "PUT", "PATCH", "DELETE", "OPTIONS"})
    BOOST_TEST(s.ask("http.request", {{"method", method}}).ok);
  const auto seen = s.service.seen();
  BOOST_TEST((seen.at(0).method == "GET" && seen.at(1).method == "PUT" && seen.at(2).method == "PATCH"));
  BOOST_TEST((seen.at(3).method == "DELETE" && seen.at(4).method == "OPTIONS"));
  BOOST_TEST(!seen.at(0).headers.contains("content-type"));
}

BOOST_AUTO_TEST_CASE(a_redirect_is_followed) {
  stage s({json_answer(302, "", {"Location: /there"}), json_answer(200, R"("found")")});
  BOOST_TEST(json::parse(s.ask("http.get", {{"url", "/here"}}).body)["body"] == "found");
  BOOST_TEST(s.service.seen().at(1).target == "/there");
}

BOOST_AUTO_TEST_CASE(a_refusal_tells_its_wait) {
  stage s({json_answer(429, R"({"error": "slow down"})", {"Retry-After: 3"})});
  const auto failed = s.ask("http.get", {{"url", "/"}});
  BOOST_TEST(failed.kind == "http.429");
  BOOST_TEST(failed.message.find("slow down") != std::string::npos);
  BOOST_TEST(json::parse(failed.meta)["retry_after_ms"] == 3'000);
}

BOOST_AUTO_TEST_CASE(an_answer_beyond_the_limit_is_not_taken) {
  stage s({json_answer(200, std::string(5'000, ' '))});
  BOOST_TEST(s.ask("http.get", {{"url", "/"}}).kind == "invalid");
}

BOOST_AUTO_TEST_CASE(silence_is_a_timeout_and_nobody_is_unavailable) {
  stage s({silence()});
  BOOST_TEST(s.ask("http.get", {{"timeout", "200ms"}}).kind == "timeout");
  effect_request nobody;
  nobody.verb = "http.get";
  nobody.body = json{{"url", "http://127.0.0.1:" + std::to_string(closed_port())}}.dump();
  sink progress;
  BOOST_TEST(s.executor.execute(nobody, token(), progress).kind == "unavailable");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::builtin
