#include "actors/builtin/http_executor.hpp"
#include "actors/builtin/http_request.hpp"

#include "actors/http/curl_url.hpp"
#include "tests/unit/actors/builtin/stage.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <deque>

namespace troupe::builtin {
namespace {

using namespace fakes;
using http::http_answer;
using http::http_call;
using http::http_fault;
using lines = std::vector<std::string>;

struct wire final : http::http_transport {
  http_answer send(const http_call& call, const cancel_token&, const http::stream_sink&) override {
    calls.push_back(call);
    auto next = std::move(answers.front());
    answers.pop_front();
    return next;
  }
  std::deque<http_answer> answers;
  std::vector<http_call> calls;
};

http_answer answer(long status, std::string body = {},
                   std::vector<std::pair<std::string, std::string>> headers = {}) {
  http_answer made;
  made.status = status;
  made.body = std::move(body);
  made.headers = std::move(headers);
  return made;
}

http_answer moved(const std::string& where, long status = 302) {
  return answer(status, "", {{"location", where}});
}

struct stage {
  explicit stage(std::deque<http_answer> script) { service.answers = std::move(script); }
  outcome ask(const json& with, std::string verb = "http.request") {
    return carried_out(executor, request(std::move(verb), with));
  }
  const http_call& call(std::size_t i = 0) const { return service.calls.at(i); }
  wire service;
  clock time;
  secret_vault secrets = vault();
  http_executor executor{service, time, secrets, {milliseconds(30'000), 1'000, 2}};
};

BOOST_AUTO_TEST_SUITE(builtin_http)

BOOST_AUTO_TEST_CASE(a_post_sends_json_with_its_key_and_gives_json_back) {
  stage s({answer(201, R"({"id": 7})",
                  {{"content-type", "application/json; charset=utf-8"}, {"x-a", "1"}, {"x-a", "2"}})});
  const auto done =
      s.ask({{"url", "http://crm.example/v1/notes"}, {"body", {{"text", "hällo"}}}}, "http.post");
  BOOST_TEST(said(done) ==
             json::parse(R"({"status": 201, "headers": {"content-type": "application/json; charset=utf-8",
                                           "x-a": "1, 2"}, "body": {"id": 7}})"));
  BOOST_TEST(s.call().method == "POST");
  BOOST_TEST(s.call().body == R"({"text":"hällo"})");
  BOOST_TEST(s.call().content_type == "application/json");
  BOOST_TEST(s.call().headers == (lines{"Idempotency-Key: key-1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_get_has_no_body_and_no_content_type) {
  stage s({answer(200)});
  BOOST_TEST(said(s.ask({{"url", "http://a.example"}}, "http.get"))["body"] == json());
  BOOST_TEST((s.call().method == "GET" && s.call().body.empty() && s.call().content_type.empty()));
}

BOOST_AUTO_TEST_CASE(query_values_are_encoded_and_lists_repeat) {
  stage s({answer(200)});
  s.ask({{"url", "http://a.example/p?x=1#end"},
         {"query", {{"q", "a b&c"}, {"tag", {"x", 2}}, {"no", nullptr}, {"ok", true}}}});
  BOOST_TEST(s.call().url == "http://a.example/p?x=1&ok=true&q=a%20b%26c&tag=x&tag=2");
}

BOOST_AUTO_TEST_CASE(headers_are_the_steps_own) {
  stage s({answer(200)});
  s.ask({{"url", "http://a.example"},
         {"method", "PUT"},
         {"body", "plain"},
         {"headers",
          {{"Content-Type", "text/plain"},
           {"Accept", "text/csv"},
           {"X-One", "1"},
           {"idempotency-key", "mine"}}}});
  BOOST_TEST(s.call().body == "plain");
  BOOST_TEST((s.call().content_type == "text/plain" && s.call().accept == "text/csv"));
  BOOST_TEST(s.call().headers == (lines{"X-One: 1", "idempotency-key: mine"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(text_and_bytes_come_back_as_what_they_are) {
  stage s({answer(200, "{no json", {{"content-type", "application/json"}}), answer(200, "\xff\xfe"),
           answer(200, "{}")});
  BOOST_TEST(said(s.ask({{"url", "http://a.example"}}))["body"] == "{no json");
  BOOST_TEST(said(s.ask({{"url", "http://a.example"}}))["body"] == (json{{"base64", "//4="}}));
  BOOST_TEST(said(s.ask({{"url", "http://a.example"}}))["body"] == "{}");
}

BOOST_AUTO_TEST_CASE(a_status_from_400_on_is_an_error_of_its_kind_with_an_excerpt) {
  auto busy = answer(503, "come back " + std::string(1'000, 'x'));
  busy.retry_after = "7";
  stage s({answer(404, "no such lead"), busy});
  const auto missing = s.ask({{"url", "http://crm.example/x"}});
  BOOST_TEST(missing.kind == "http.404");
  BOOST_TEST(missing.message == "crm.example answered 404: no such lead");
  const auto later = s.ask({{"url", "http://crm.example/x"}});
  BOOST_TEST(later.kind == "http.503");
  BOOST_TEST(later.message.size() < 400U);
  BOOST_TEST(json::parse(later.meta) == (json{{"status", 503}, {"retry_after_ms", 7'000}}));
}

struct fault_case {
  http_fault fault;
  const char* kind;
};
std::ostream& operator<<(std::ostream& out, const fault_case& c) { return out << c.kind; }
const fault_case faults[] = {{http_fault::unreachable, "unavailable"},
                             {http_fault::untrusted, "unavailable"},
                             {http_fault::cut, "unavailable"},
                             {http_fault::slow, "timeout"},
                             {http_fault::late, "timeout"},
                             {http_fault::too_large, "invalid"},
                             {http_fault::canceled, "canceled"},
                             {http_fault::refused, "invalid"}};

BOOST_DATA_TEST_CASE(what_goes_wrong_below_has_a_kind, boost::unit_test::data::make(faults)) {
  http_answer broken;
  broken.fault = sample.fault;
  broken.problem = "why";
  stage s({broken});
  const auto failed = s.ask({{"url", "http://a.example"}});
  BOOST_TEST(failed.kind == sample.kind);
  BOOST_TEST(failed.message == "a.example: why");
}

BOOST_AUTO_TEST_CASE(secrets_are_let_in_and_kept_out_of_what_comes_back) {
  stage s({answer(200, "you said s3cret", {{"x-echo", "s3cret"}}), answer(401, "s3cret is wrong")});
  const json with{{"url", "http://a.example"},
                  {"headers", {{"Authorization", "Bearer " + s.secrets.make_reference("TOKEN", run)}}}};
  const auto fine = s.ask(with);
  BOOST_TEST(s.call().headers.at(0) == "Authorization: Bearer s3cret");
  BOOST_TEST(said(fine)["body"] == "you said ***");
  BOOST_TEST(fine.body.find("s3cret") == std::string::npos);
  BOOST_TEST(s.ask(with).message == "a.example answered 401: *** is wrong");
}

BOOST_AUTO_TEST_CASE(a_secret_with_a_line_break_cannot_begin_a_header) {
  const secret_vault odd(secret_key{},
                         [](const std::string&) { return result<std::string>("a\r\nX-Evil: 1"); });
  wire service;
  clock time;
  http_executor executor(service, time, odd, {});
  const json with{{"url", "http://a.example"}, {"headers", {{"A", odd.make_reference("T", run)}}}};
  BOOST_TEST(carried_out(executor, request("http.get", with)).kind == "invalid");
  BOOST_TEST(service.calls.empty());
}

BOOST_AUTO_TEST_CASE(references_from_elsewhere_are_no_secrets) {
  stage s({answer(200), answer(200)});
  s.ask({{"url", "http://a.example"}, {"headers", {{"A", "${{ secrets.TOKEN }}"}}}});
  BOOST_TEST(s.call().headers.at(0) == "A: ${{ secrets.TOKEN }}");
  const auto stolen = s.secrets.make_reference("TOKEN", "workflow.run/8");
  BOOST_TEST(s.ask({{"url", "http://a.example"}, {"headers", {{"A", stolen}}}}).kind == "rejected");
  BOOST_TEST(s.service.calls.size() == 1U);
}

BOOST_AUTO_TEST_CASE(redirects_of_a_get_are_followed_with_its_headers_on_the_same_origin) {
  stage s({moved("/b"), answer(200, "there")});
  BOOST_TEST(said(s.ask({{"url", "http://a.example/x"}, {"headers", {{"X-Key", "k"}}}}))["body"] == "there");
  BOOST_TEST(s.call(1).url == "http://a.example/b");
  BOOST_TEST(s.call(1).headers == s.call(0).headers, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(another_origin_sees_none_of_the_headers) {
  stage s({moved("https://b.example/y"), answer(200)});
  s.ask({{"url", "https://a.example/x"}, {"headers", {{"X-Key", "k"}}}});
  BOOST_TEST(s.call(1).url == "https://b.example/y");
  BOOST_TEST(s.call(1).headers.empty());
}

BOOST_AUTO_TEST_CASE(redirects_that_go_too_far_or_down_are_not_followed) {
  stage s({moved("http://a.example/y"), moved("/1"), moved("/2"), moved("/3"), moved("file:///etc/passwd")});
  BOOST_TEST(s.ask({{"url", "https://a.example/x"}}).kind == "http.302");
  BOOST_TEST(s.ask({{"url", "https://a.example/x"}}).kind == "http.302"); // two are allowed here
  BOOST_TEST(s.service.calls.size() == 4U);
  BOOST_TEST(s.ask({{"url", "https://a.example/x"}}).kind == "http.302");
}

BOOST_AUTO_TEST_CASE(a_post_is_never_sent_on) {
  stage s({moved("/b", 307)});
  const auto done = s.ask({{"url", "http://a.example/x"}, {"body", 1}}, "http.post");
  BOOST_TEST(done.kind == "http.307");
  BOOST_TEST(done.message == "a.example answered 307, a redirect that is not followed");
}

BOOST_AUTO_TEST_CASE(the_nearest_of_timeout_and_deadline_counts) {
  stage s({answer(200), answer(200)});
  s.ask({{"url", "http://a.example"}, {"timeout", "5s"}});
  BOOST_TEST(s.call().total.count() == 5'000);
  auto soon = request("http.get", {{"url", "http://a.example"}});
  soon.deadline = s.time.at + milliseconds(700);
  carried_out(s.executor, soon);
  BOOST_TEST(s.call(1).total.count() == 700);
  soon.deadline = s.time.at;
  BOOST_TEST(carried_out(s.executor, soon).kind == "timeout");
}

const char* const mistakes[] = {
    R"([])",
    R"({})",
    R"({"url": 7})",
    R"({"url": ""})",
    R"({"url": "ftp://a.example"})",
    R"({"url": "file:///etc/passwd"})",
    R"({"url": "a.example"})",
    R"({"url": "http://user:pw@a.example"})",
    R"({"url": "http://a.example/a b"})",
    R"({"url": "http://a.example\r\nX: 1"})",
    R"({"url": "http://a.example", "method": "STEAL"})",
    R"({"url": "http://a.example", "headers": []})",
    R"({"url": "http://a.example", "headers": {"A": "b\nC: d"}})",
    R"({"url": "http://a.example", "headers": {"A b": "c"}})",
    R"({"url": "http://a.example", "headers": {"Host": "b"}})",
    R"({"url": "http://a.example", "headers": {"Content-Length": "3"}})",
    R"({"url": "http://a.example", "headers": {"A": {}}})",
    R"({"url": "http://a.example", "query": "a=1"})",
    R"({"url": "http://a.example", "query": {"a": {"b": 1}}})",
    R"({"url": "http://a.example", "timeout": 5})",
    R"({"url": "http://a.example", "timeout": "soon"})",
    R"({"url": "http://a.example", "timeout": "0s"})",
    R"({"url": "http://a.example", "bdoy": 5})",
    R"({"url": "http://a.example", "body": {}, "headers": {"Content-Type": "text/plain"}})",
};

BOOST_DATA_TEST_CASE(a_mistake_is_invalid_and_sends_nothing, boost::unit_test::data::make(mistakes)) {
  stage s({});
  auto asked = request("http.request", {});
  asked.body = sample;
  const auto failed = carried_out(s.executor, asked);
  BOOST_TEST(failed.kind == "invalid");
  BOOST_TEST(!failed.message.empty());
}

BOOST_AUTO_TEST_CASE(a_url_beyond_8_kib_is_refused) {
  stage s({});
  BOOST_TEST(s.ask({{"url", "http://a.example/" + std::string(9'000, 'x')}}).kind == "invalid");
  BOOST_TEST(s.ask({{"url", "http://a.example/"}, {"query", {{"q", std::string(9'000, 'x')}}}}).kind ==
             "invalid");
}

BOOST_AUTO_TEST_CASE(an_origin_is_scheme_host_and_port) {
  BOOST_TEST((*http::origin_of("HTTP://A.example/x") == http::url_origin{"http", "A.example", "80"}));
  BOOST_TEST((*http::origin_of("https://a:8443") == http::url_origin{"https", "a", "8443"}));
  BOOST_TEST(!http::origin_of("mailto:a@b").has_value());
  BOOST_TEST(http::resolve_url("http://a/b/c?d", "../e").value() == "http://a/e");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::builtin
