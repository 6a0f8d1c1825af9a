#include "actors/models/openai_provider.hpp"
#include "tests/unit/actors/models/fakes.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::models;
using namespace std::chrono_literals;

namespace {

constexpr auto good =
    R"({"model": "m-1", "choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}],
                          "usage": {"prompt_tokens": 5, "completion_tokens": 2}})";
constexpr auto secret = "sk-very-secret-key";

/// A provider over a scripted transport and a clock that only waiting and answering move.
struct stage {
  fakes::clock time;
  fakes::random random;
  fakes::pause pause{time};
  fakes::transport wire{time};
  fakes::token cancel;
  fakes::sink sink;
  openai_settings settings{"svc", "https://models.example/v1/", {}, {}, 5s, 60s, 60s, 120s, 300s, false};
  result<std::string> key{std::string(secret)};
  instant deadline = never;
  bool stream = false;

  provided<answered<chat_reply>> generate() {
    chat_request request;
    request.model = "m";
    request.messages.push_back({chat_role::user, "hello"});
    request.stream = stream;
    return make()->generate(request, scope());
  }

  provided<answered<embed_reply>> embed(std::vector<std::string> inputs) {
    return make()->embed({"e", std::move(inputs), {}}, scope());
  }

  std::unique_ptr<openai_provider> make() {
    return std::move(*openai_provider::make(settings, {wire, time, random, pause, [this] { return key; }}));
  }

  call_scope scope() { return {deadline, "run-1/step", cancel, sink}; }
};

std::string event(std::string_view data) { return "data: " + std::string(data) + "\n\n"; }
std::string piece(std::string_view text) {
  return event(R"({"choices": [{"delta": {"content": ")" + std::string(text) + R"("}}]})");
}
http_answer stream_end() { return fakes::answer(200, ""); }

} // namespace

BOOST_AUTO_TEST_SUITE(openai_providers)

BOOST_AUTO_TEST_CASE(an_answer_comes_with_its_usage) {
  stage s;
  s.wire.answers = {{fakes::answer(200, good), {}, 0ms}};
  const auto answer = s.generate();
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer->reply.text == "hi");
  BOOST_TEST(answer->reply.model == "m-1");
  BOOST_TEST((answer->reply.usage == token_usage{5, 2, 0}));
  BOOST_TEST(answer->attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_call_carries_key_and_idempotency_key) {
  stage s;
  s.wire.answers = {{fakes::answer(200, good), {}, 0ms}};
  s.generate().value();
  const auto& call = s.wire.calls.at(0);
  BOOST_TEST(call.url == "https://models.example/v1/chat/completions");
  BOOST_TEST(call.headers == (std::vector<std::string>{"Authorization: Bearer sk-very-secret-key",
                                                       "Idempotency-Key: run-1/step"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_key_no_authorisation_is_sent) {
  stage s;
  s.key = std::string();
  s.wire.answers = {{fakes::answer(200, good), {}, 0ms}};
  s.generate().value();
  BOOST_TEST(s.wire.calls.at(0).headers.size() == 1);
}

BOOST_AUTO_TEST_CASE(a_busy_service_is_asked_again_when_it_says) {
  stage s;
  s.wire.answers = {{fakes::answer(429, "{}", "7"), {}, 0ms}, {fakes::answer(200, good), {}, 0ms}};
  BOOST_TEST(s.generate().value().attempts == 2);
  BOOST_TEST(s.pause.waits == std::vector<std::int64_t>{7000}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_failing_service_is_asked_again_with_jitter) {
  stage s;
  s.random.drawn = 321;
  s.wire.answers = {{fakes::answer(500, "oops"), {}, 0ms},
                    {fakes::fault(http_fault::unreachable, "refused"), {}, 0ms},
                    {fakes::answer(200, good), {}, 0ms}};
  BOOST_TEST(s.generate().value().attempts == 3);
  BOOST_TEST(s.pause.waits == (std::vector<std::int64_t>{321, 321}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(every_attempt_carries_the_same_idempotency_key) {
  stage s;
  s.wire.answers = {{fakes::answer(503, ""), {}, 0ms}, {fakes::answer(200, good), {}, 0ms}};
  s.generate().value();
  BOOST_TEST(s.wire.calls.at(0).headers == s.wire.calls.at(1).headers, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(attempts_are_limited) {
  stage s;
  s.settings.retry.attempts = 2;
  s.wire.answers = {{fakes::answer(503, R"({"error": {"message": "down"}})"), {}, 0ms},
                    {fakes::answer(503, R"({"error": {"message": "down"}})"), {}, 0ms}};
  const auto failed = s.generate().error();
  BOOST_TEST(failed.kind == "http.503");
  BOOST_TEST(failed.message == "svc: answered 503: down (after 2 attempts)");
  BOOST_TEST(failed.attempts == 2);
}

BOOST_AUTO_TEST_CASE(no_wait_goes_past_the_deadline) {
  stage s;
  s.deadline = s.time.at + 7s;
  s.wire.answers = {{fakes::answer(429, "{}", "7"), {}, 0ms}};
  BOOST_TEST(s.generate().error().kind == "rate_limited");
  BOOST_TEST(s.pause.waits.empty());
}

BOOST_AUTO_TEST_CASE(an_unreasonable_wait_is_not_waited) {
  stage s;
  s.wire.answers = {{fakes::answer(429, "{}", "3600"), {}, 0ms}};
  BOOST_TEST(s.generate().error().kind == "rate_limited");
}

BOOST_AUTO_TEST_CASE(an_attempt_gets_only_the_time_that_is_left) {
  stage s;
  s.deadline = s.time.at + 10s;
  s.wire.answers = {{fakes::answer(503, "", "2"), {}, 3s}, {fakes::answer(200, good), {}, 0ms}};
  s.generate().value();
  BOOST_TEST(s.wire.calls.at(0).total.count() == 10'000);
  BOOST_TEST(s.wire.calls.at(1).total.count() == 5'000);
}

BOOST_AUTO_TEST_CASE(an_attempt_that_takes_too_long_leaves_time_for_another) {
  stage s;
  s.settings.attempt = 4s;
  s.wire.answers = {{fakes::fault(http_fault::late, "no answer"), {}, 4s},
                    {fakes::answer(200, good), {}, 0ms}};
  s.generate().value();
  BOOST_TEST(s.wire.calls.at(0).total.count() == 4'000);
}

BOOST_AUTO_TEST_CASE(a_deadline_that_has_passed_sends_nothing) {
  stage s;
  s.deadline = s.time.at;
  BOOST_TEST(s.generate().error().kind == "timeout");
  BOOST_TEST(s.wire.calls.empty());
}

BOOST_AUTO_TEST_CASE(a_call_canceled_while_waiting_ends) {
  stage s;
  s.cancel.set = true;
  s.wire.answers = {{fakes::answer(503, "", "2"), {}, 0ms}};
  BOOST_TEST(s.generate().error().kind == "canceled");
}

BOOST_AUTO_TEST_CASE(mistakes_of_ours_are_not_repeated) {
  stage s;
  s.wire.answers = {{fakes::answer(400, R"({"error": {"message": "no such model"}})"), {}, 0ms}};
  const auto failed = s.generate().error();
  BOOST_TEST(failed.kind == "http.400");
  BOOST_TEST(failed.message == "svc: answered 400: no such model");
}

BOOST_AUTO_TEST_CASE(an_exhausted_quota_is_not_waited_for) {
  stage s;
  s.wire.answers = {
      {fakes::answer(429, R"({"error": {"message": "pay", "code": "insufficient_quota"}})"), {}, 0ms}};
  BOOST_TEST(s.generate().error().kind == "model.quota");
}

BOOST_AUTO_TEST_CASE(redirects_are_refused) {
  stage s;
  s.wire.answers = {{fakes::answer(302, ""), {}, 0ms}};
  BOOST_TEST(s.generate().error().kind == "http.302");
}

BOOST_AUTO_TEST_CASE(silence_is_a_timeout_and_tried_again) {
  stage s;
  s.wire.answers = {{fakes::fault(http_fault::slow, "silence"), {}, 0ms},
                    {fakes::answer(200, good), {}, 0ms}};
  BOOST_TEST(s.generate().value().attempts == 2);
}

BOOST_AUTO_TEST_CASE(a_certificate_nobody_trusts_is_not_tried_again) {
  stage s;
  s.wire.answers = {{fakes::fault(http_fault::untrusted, "self-signed"), {}, 0ms}};
  BOOST_TEST(s.generate().error().kind == "unavailable");
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_told_and_nothing_sent) {
  stage s;
  s.key = fail(fault::not_found, "the environment has no MODEL_KEY, which should hold the API key");
  const auto failed = s.generate().error();
  BOOST_TEST(failed.kind == "model.no_key");
  BOOST_TEST(failed.message == "svc: the environment has no MODEL_KEY, which should hold the API key");
  BOOST_TEST(s.wire.calls.empty());
}

BOOST_AUTO_TEST_CASE(a_key_does_not_cross_a_network_in_the_clear) {
  stage s;
  s.settings.url = "http://models.example/v1";
  BOOST_TEST(s.generate().error().kind == "model.no_key");
  BOOST_TEST(s.wire.calls.empty());
}

BOOST_AUTO_TEST_CASE(on_this_machine_plain_http_may_carry_a_key) {
  stage s;
  s.settings.url = "http://127.0.0.1:8000/v1";
  s.wire.answers = {{fakes::answer(200, good), {}, 0ms}};
  BOOST_TEST(s.generate().has_value());
}

BOOST_AUTO_TEST_CASE(a_quoted_key_is_kept_out_of_messages) {
  stage s;
  const std::string filler(480, 'x');
  s.wire.answers = {{fakes::answer(401, R"({"error": {"message": ")" + filler + secret + R"("}})"), {}, 0ms}};
  const auto message = s.generate().error().message;
  BOOST_TEST(message.find("sk-") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(urls_that_are_none_or_hold_credentials_are_refused) {
  stage s;
  const auto refused = [&s](const char* url) {
    s.settings.url = url;
    return !openai_provider::make(s.settings, {s.wire, s.time, s.random, s.pause, no_key()}).has_value();
  };
  BOOST_TEST(refused("models.example/v1"));
  BOOST_TEST(refused("https://me:pw@models.example/v1"));
  BOOST_TEST(refused("https://models.example/v1?key=1"));
  BOOST_TEST(refused("https:///v1"));
  BOOST_TEST(!refused("https://models.example/v1"));
}

BOOST_AUTO_TEST_CASE(a_stream_is_handed_on_piece_by_piece) {
  stage s;
  s.stream = true;
  s.wire.answers = {
      {stream_end(),
       {piece("Hel") + "data: {\"choi", "ces\": [{\"delta\": {\"content\": \"lo\"}}]}\n\n",
        event(R"({"model": "m-1", "choices": [{"delta": {}, "finish_reason": "stop"}]})"),
        event(R"({"choices": [], "usage": {"prompt_tokens": 3, "completion_tokens": 2}})"), event("[DONE]")},
       0ms}};
  const auto answer = s.generate();
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer->reply.text == "Hello");
  BOOST_TEST((answer->reply.usage == token_usage{3, 2, 0}));
  BOOST_TEST(s.sink.pieces == (std::vector<std::string>{"Hel", "lo"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_stream_cut_before_its_first_piece_is_asked_for_again) {
  stage s;
  s.stream = true;
  s.wire.answers = {{fakes::fault(http_fault::cut, "reset"), {": hello\n\n"}, 0ms},
                    {stream_end(), {piece("ok"), event("[DONE]")}, 0ms}};
  BOOST_TEST(s.generate().value().reply.text == "ok");
}

BOOST_AUTO_TEST_CASE(a_stream_cut_after_a_piece_is_final) {
  stage s;
  s.stream = true;
  s.wire.answers = {{fakes::fault(http_fault::cut, "reset"), {piece("half")}, 0ms}};
  const auto failed = s.generate().error();
  BOOST_TEST(failed.kind == "unavailable");
  BOOST_TEST(failed.delivered);
  BOOST_TEST(failed.attempts == 1);
}

BOOST_AUTO_TEST_CASE(a_stream_that_just_ends_is_not_an_answer) {
  stage s;
  s.stream = true;
  s.wire.answers = {{stream_end(), {piece("half")}, 0ms}};
  BOOST_TEST(s.generate().error().message == "svc: the answer broke off after 4 bytes");
}

BOOST_AUTO_TEST_CASE(a_cut_after_the_end_does_not_matter) {
  stage s;
  s.stream = true;
  s.wire.answers = {{fakes::fault(http_fault::cut, "reset"),
                     {event(R"({"choices": [{"delta": {"content": "ok"}, "finish_reason": "stop"}]})")},
                     0ms}};
  BOOST_TEST(s.generate().value().reply.text == "ok");
}

BOOST_AUTO_TEST_CASE(a_service_that_breaks_off_with_an_error_before_any_piece_is_asked_again) {
  stage s;
  s.stream = true;
  s.wire.answers = {{stream_end(), {event(R"({"error": {"message": "overloaded"}})")}, 0ms},
                    {stream_end(), {piece("ok"), event("[DONE]")}, 0ms}};
  BOOST_TEST(s.generate().value().attempts == 2);
}

BOOST_AUTO_TEST_CASE(a_service_that_does_not_stream_is_understood_all_the_same) {
  stage s;
  s.stream = true;
  s.wire.answers = {{fakes::answer(200, good), {}, 0ms}};
  BOOST_TEST(s.generate().value().reply.text == "hi");
}

BOOST_AUTO_TEST_CASE(embeddings_come_back_in_the_order_of_the_inputs) {
  stage s;
  s.wire.answers = {{fakes::answer(200, R"({"model": "e-1", "data": [{"index": 1, "embedding": [0.5]},
                                            {"index": 0, "embedding": [0.25, 1]}]})"),
                     {},
                     0ms}};
  const auto answer = s.embed({"a", "b"});
  BOOST_REQUIRE(answer.has_value());
  BOOST_TEST(answer->reply.vectors[0] == (std::vector<float>{0.25F, 1.0F}), boost::test_tools::per_element());
  BOOST_TEST(answer->reply.vectors[1] == (std::vector<float>{0.5F}), boost::test_tools::per_element());
  BOOST_TEST(s.wire.calls.at(0).url == "https://models.example/v1/embeddings");
}

BOOST_AUTO_TEST_SUITE_END()
