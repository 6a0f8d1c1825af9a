#include "actors/models/arguments.hpp"
#include "actors/models/model_executor.hpp"
#include "actors/models/system_waiter.hpp"
#include "tests/support/http_fixture.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <thread>

using namespace troupe;
using namespace troupe::models;
using namespace troupe::testing;
using namespace std::chrono_literals;

namespace {

constexpr auto secret = "sk-integration-secret-0123456789";
constexpr auto chat_ok =
    R"({"model": "m-1", "choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}],
                             "usage": {"prompt_tokens": 9, "completion_tokens": 3}})";

struct wall_clock final : clock_source {
  instant now() override {
    return std::chrono::time_point_cast<milliseconds>(std::chrono::system_clock::now());
  }
};

struct no_jitter final : random_source {
  std::uint64_t next() override { return 0; }
};

struct pieces final : progress_sink {
  void piece(std::string_view text) override { all += text; }
  std::string all;
};

struct patient final : cancel_token {
  bool canceled() const override { return false; }
};

/// Nobody waits any more as soon as the service has read the request.
struct gone_when_asked final : cancel_token {
  explicit gone_when_asked(const http_fixture& f)
      : service(f) {}
  bool canceled() const override { return !service.seen().empty(); }
  const http_fixture& service;
};

/// A whole model stack, from effect to socket, against one scripted service.
struct stage {
  explicit stage(std::vector<scripted_answer> script, json extra = json::object())
      : service(std::move(script)) {
    ::setenv("TROUPE_TEST_MODEL_KEY", secret, 1);
    json provider{{"url", service.url() + "/v1"},
                  {"key", {{"env", "TROUPE_TEST_MODEL_KEY"}}},
                  {"retry_initial_ms", 1},
                  {"prices", {{"m-1", {{"prompt", 1'000'000}, {"completion", 2'000'000}}}}}};
    provider.update(extra);
    const json settings{{"providers", {{"svc", provider}}},
                        {"segments", {{"default", {{"provider", "svc"}, {"model", "m-1"}}}}}};
    registry.emplace(
        std::move(*provider_registry::make(*read_models_settings(settings.dump()), time, random, pause)));
    request.verb = "model.generate";
    request.target = "default";
    request.body = R"({"messages": [{"role": "user", "content": "hi"}]})";
    request.idempotency_key = "run-7/ask";
    request.deadline = time.now() + 20s;
  }

  ~stage() { ::unsetenv("TROUPE_TEST_MODEL_KEY"); }

  outcome run(const cancel_token& cancel = patient()) {
    const auto start = std::chrono::steady_clock::now();
    auto out = model_executor(*registry, time).execute(request, cancel, progress);
    took = std::chrono::steady_clock::now() - start;
    return out;
  }

  outcome stream() {
    request.body = R"({"messages": [{"role": "user", "content": "hi"}], "stream": true})";
    return run();
  }

  http_fixture service;
  wall_clock time;
  no_jitter random;
  system_waiter pause;
  pieces progress;
  std::optional<provider_registry> registry;
  effect_request request;
  std::chrono::steady_clock::duration took{};
};

std::string piece(std::string_view text) {
  return R"({"model": "m-1", "choices": [{"delta": {"content": ")" + std::string(text) + R"("}}]})";
}

constexpr auto last_piece = R"({"choices": [{"delta": {}, "finish_reason": "stop"}]})";

json meta_of(const outcome& o) { return json::parse(o.meta); }

/// Whether anything an outcome records holds the key.
bool leaks(const outcome& o) {
  return (o.body + o.kind + o.message + o.meta).find("sk-integration") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(openai_service)

BOOST_AUTO_TEST_CASE(an_answer_arrives_with_tokens_and_cost) {
  stage s({json_answer(200, chat_ok)});
  const auto done = s.run();
  BOOST_REQUIRE(done.ok);
  BOOST_TEST(read_generate_result(done.body).value() == "hello");
  BOOST_TEST(meta_of(done)["cost_micro"] == 15);
  BOOST_TEST(meta_of(done)["attempts"] == 1);
}

BOOST_AUTO_TEST_CASE(the_service_sees_key_idempotency_key_and_question) {
  stage s({json_answer(200, chat_ok)});
  s.run();
  const auto seen = s.service.seen().at(0);
  BOOST_TEST(seen.method == "POST");
  BOOST_TEST(seen.target == "/v1/chat/completions");
  BOOST_TEST(seen.headers.at("authorization") == std::string("Bearer ") + secret);
  BOOST_TEST(seen.headers.at("idempotency-key") == "run-7/ask");
  BOOST_TEST(json::parse(seen.body)["messages"][0]["content"] == "hi");
}

BOOST_AUTO_TEST_CASE(a_connection_is_used_again) {
  stage s({json_answer(200, chat_ok)});
  s.run();
  s.run();
  BOOST_TEST(s.service.seen().size() == 2);
  BOOST_TEST(s.service.connections() == 1);
}

BOOST_AUTO_TEST_CASE(calls_of_many_threads_do_not_disturb_each_other) {
  stage s({json_answer(200, chat_ok)});
  model_executor executor(*s.registry, s.time);
  std::atomic<int> fine = 0;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i)
    callers.emplace_back([&] {
      pieces mine;
      for (int call = 0; call < 20; ++call)
        fine += executor.execute(s.request, patient(), mine).ok ? 1 : 0;
    });
  for (auto& caller : callers)
    caller.join();
  BOOST_TEST(fine == 160);
  BOOST_TEST(s.service.connections() <= 8);
}

BOOST_AUTO_TEST_CASE(a_slow_first_byte_within_its_limit_is_waited_for) {
  auto slow = json_answer(200, chat_ok);
  slow.parts[0].before = 300ms;
  stage s({slow});
  BOOST_TEST(s.run().ok);
}

BOOST_AUTO_TEST_CASE(a_first_byte_past_its_limit_is_asked_for_again) {
  stage s({silence(), json_answer(200, chat_ok)}, {{"first_byte_ms", 200}});
  const auto done = s.run();
  BOOST_TEST(done.ok);
  BOOST_TEST(meta_of(done)["attempts"] == 2);
}

BOOST_AUTO_TEST_CASE(a_service_that_never_answers_ends_at_the_deadline) {
  stage s({silence()});
  s.request.deadline = s.time.now() + 300ms;
  BOOST_TEST(s.run().kind == "timeout");
  BOOST_TEST((s.took >= 250ms && s.took < 3s));
  BOOST_TEST(s.service.seen().size() == 1);
}

BOOST_AUTO_TEST_CASE(a_stream_that_falls_silent_is_given_up) {
  auto stuck = cut_stream({piece("half")});
  stuck.end = scripted_answer::ending::hang;
  stage s({stuck}, {{"idle_ms", 200}});
  const auto done = s.stream();
  BOOST_TEST(done.kind == "timeout");
  BOOST_TEST(done.message.find("nothing came for 200 ms") != std::string::npos);
  BOOST_TEST(s.progress.all == "half");
}

BOOST_AUTO_TEST_CASE(a_cancel_ends_a_call_in_flight) {
  stage s({silence()});
  const gone_when_asked cancel(s.service);
  BOOST_TEST(s.run(cancel).kind == "canceled");
  BOOST_TEST((s.took < 5s));
}

BOOST_AUTO_TEST_CASE(a_stream_is_handed_on_and_put_together) {
  stage s({stream_answer({piece("Gr\xC3\xBC"), piece("\xC3\x9F e 🎭"), last_piece,
                          R"({"choices": [], "usage": {"prompt_tokens": 4, "completion_tokens": 2}})",
                          "[DONE]"})});
  const auto done = s.stream();
  BOOST_REQUIRE(done.ok);
  BOOST_TEST(read_generate_result(done.body).value() == "Grüß e 🎭");
  BOOST_TEST(s.progress.all == "Grüß e 🎭");
  BOOST_TEST(meta_of(done)["tokens"]["prompt"] == 4);
}

BOOST_AUTO_TEST_CASE(a_stream_cut_after_a_piece_fails_and_is_not_asked_again) {
  stage s({cut_stream({piece("half")}), stream_answer({piece("other"), last_piece, "[DONE]"})});
  const auto done = s.stream();
  BOOST_TEST(done.kind == "unavailable");
  BOOST_TEST(s.progress.all == "half");
  BOOST_TEST(s.service.seen().size() == 1);
}

BOOST_AUTO_TEST_CASE(a_stream_cut_before_its_first_piece_is_asked_again) {
  stage s({cut_stream({}), stream_answer({piece("whole"), last_piece, "[DONE]"})});
  const auto done = s.stream();
  BOOST_TEST(done.ok);
  BOOST_TEST(s.progress.all == "whole");
}

BOOST_AUTO_TEST_CASE(an_answer_cut_in_its_body_is_asked_again) {
  auto cut = json_answer(200, chat_ok);
  cut.parts[0].bytes.resize(cut.parts[0].bytes.size() - 20);
  cut.end = scripted_answer::ending::close;
  stage s({cut, json_answer(200, chat_ok)});
  const auto done = s.run();
  BOOST_TEST(done.ok);
  BOOST_TEST(meta_of(done)["attempts"] == 2);
}

BOOST_AUTO_TEST_CASE(a_busy_service_is_asked_again_after_the_time_it_names) {
  stage s({json_answer(429, R"({"error": {"message": "slow down"}})", {"Retry-After: 1"}),
           json_answer(200, chat_ok)});
  BOOST_TEST(s.run().ok);
  BOOST_TEST((s.took >= 1s));
}

BOOST_AUTO_TEST_CASE(a_wait_past_the_deadline_is_not_begun) {
  stage s({json_answer(429, R"({"error": {"message": "slow down"}})", {"Retry-After: 30"})});
  const auto done = s.run();
  BOOST_TEST(done.kind == "rate_limited");
  BOOST_TEST(done.message == "svc: answered 429: slow down");
  BOOST_TEST((s.took < 5s));
}

BOOST_AUTO_TEST_CASE(a_failing_service_is_asked_a_limited_number_of_times) {
  stage s({json_answer(500, "{}")}, {{"attempts", 3}});
  const auto done = s.run();
  BOOST_TEST(done.kind == "http.500");
  BOOST_TEST(meta_of(done)["attempts"] == 3);
  BOOST_TEST(s.service.seen().size() == 3);
}

BOOST_AUTO_TEST_CASE(a_closed_port_is_unavailable) {
  stage s({silence()},
          {{"url", "http://127.0.0.1:" + std::to_string(closed_port()) + "/v1"}, {"attempts", 2}});
  const auto done = s.run();
  BOOST_TEST(done.kind == "unavailable");
  BOOST_TEST(meta_of(done)["attempts"] == 2);
}

BOOST_AUTO_TEST_CASE(a_host_without_a_name_is_unavailable) {
  stage s({silence()}, {{"url", "https://no-such-host.invalid/v1"}, {"attempts", 1}});
  BOOST_TEST(s.run().kind == "unavailable");
}

BOOST_AUTO_TEST_CASE(what_speaks_no_tls_is_unavailable) {
  stage s({json_answer(200, chat_ok)}, {{"attempts", 1}});
  json settings{
      {"providers",
       {{"svc",
         {{"url", "https" + s.service.url().substr(4) + "/v1"}, {"attempts", 1}, {"connect_ms", 1000}}}}},
      {"segments", {{"default", {{"provider", "svc"}, {"model", "m-1"}}}}}};
  s.registry.emplace(
      std::move(*provider_registry::make(*read_models_settings(settings.dump()), s.time, s.random, s.pause)));
  BOOST_TEST(s.run().kind == "unavailable");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_json_is_a_bad_response) {
  stage s({json_answer(200, "<html>maintenance</html>")});
  const auto done = s.run();
  BOOST_TEST(done.kind == "model.bad_response");
  BOOST_TEST(s.service.seen().size() == 1);
}

BOOST_AUTO_TEST_CASE(wrong_finish_reasons_have_kinds_of_their_own) {
  const auto finished = [](const char* why) {
    return json_answer(200, R"({"choices": [{"message": {"content": "x"}, "finish_reason": ")" +
                                std::string(why) + R"("}]})");
  };
  stage s({finished("length"), finished("content_filter")});
  BOOST_TEST(s.run().kind == "model.truncated");
  BOOST_TEST(s.run().kind == "model.refused");
}

BOOST_AUTO_TEST_CASE(a_huge_answer_is_not_taken) {
  stage s({json_answer(200, std::string(40'000'000, ' '))});
  const auto done = s.run();
  BOOST_TEST(done.kind == "model.bad_response");
  BOOST_TEST(done.message.find("larger than") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_redirect_is_refused_and_the_key_stays_here) {
  http_fixture other({json_answer(200, chat_ok)});
  stage s({json_answer(307, "", {"Location: " + other.url() + "/v1/chat/completions"})});
  BOOST_TEST(s.run().kind == "http.307");
  BOOST_TEST(other.seen().empty());
}

BOOST_AUTO_TEST_CASE(embeddings_come_back_as_numbers) {
  stage s({json_answer(200, R"({"model": "m-1", "data": [{"index": 0, "embedding": [0.5, -1]}],
                                "usage": {"prompt_tokens": 2}})")});
  s.request.verb = "model.embed";
  s.request.body = R"({"inputs": ["a"]})";
  const auto done = s.run();
  BOOST_REQUIRE(done.ok);
  BOOST_TEST(json::parse(done.body)["vectors"] == json::parse("[[0.5, -1.0]]"));
  BOOST_TEST(s.service.seen().at(0).target == "/v1/embeddings");
  BOOST_TEST(meta_of(done)["cost_micro"] == 2);
}

BOOST_AUTO_TEST_CASE(another_provider_answers_when_the_first_is_down) {
  stage s({json_answer(503, "{}")});
  http_fixture healthy({json_answer(200, chat_ok)});
  json settings{
      {"providers",
       {{"down", {{"url", s.service.url() + "/v1"}, {"attempts", 1}}},
        {"up", {{"url", healthy.url() + "/v1"}}}}},
      {"segments",
       {{"default",
         {{"provider", "down"}, {"model", "a"}, {"fallback", {{{"provider", "up"}, {"model", "b"}}}}}}}}};
  s.registry.emplace(
      std::move(*provider_registry::make(*read_models_settings(settings.dump()), s.time, s.random, s.pause)));
  const auto done = s.run();
  BOOST_TEST(done.ok);
  BOOST_TEST(meta_of(done)["tried"][0]["kind"] == "http.503");
  BOOST_TEST(json::parse(healthy.seen().at(0).body)["model"] == "b");
}

BOOST_AUTO_TEST_CASE(the_key_shows_up_in_nothing_that_is_recorded) {
  const std::string echo =
      R"({"error": {"message": "Incorrect API key provided: )" + std::string(secret) + R"("}})";
  stage s({json_answer(401, echo), json_answer(400, secret), json_answer(200, secret),
           stream_answer({R"({"error": {"message": ")" + std::string(secret) + R"("}})"}), silence()},
          {{"attempts", 1}, {"first_byte_ms", 100}});
  BOOST_TEST(!leaks(s.run()));
  BOOST_TEST(!leaks(s.run()));
  BOOST_TEST(!leaks(s.run()));
  BOOST_TEST(!leaks(s.stream()));
  BOOST_TEST(!leaks(s.run()));
  BOOST_TEST(s.service.seen().size() == 5);
}

BOOST_AUTO_TEST_SUITE_END()
