#include "actors/models/arguments.hpp"
#include "actors/models/model_executor.hpp"
#include "tests/unit/actors/models/fakes.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::models;
using namespace std::chrono_literals;

namespace {

constexpr auto hello = R"({"messages": [{"role": "user", "content": "hi"}]})";

provided<answered<chat_reply>> reply(std::string text, std::optional<token_usage> usage = {}) {
  return answered<chat_reply>{{std::move(text), "stop", "big-2026-01-02", usage}, 2};
}

tl::unexpected<provider_failure> failure(std::string kind, bool delivered = false) {
  provider_failure out;
  out.kind = std::move(kind);
  out.message = "it failed";
  out.attempts = 3;
  out.delivered = delivered;
  return tl::unexpected(out);
}

/// Two providers behind one segment, each told by the test what to do.
struct stage {
  fakes::clock time;
  fakes::token cancel;
  fakes::sink sink;
  fakes::provider* first = new fakes::provider; // owned by the registry
  fakes::provider* second = new fakes::provider;
  provider_registry registry{services(), segments()};
  model_executor executor{registry, time};
  effect_request request;

  stage() {
    request.verb = "model.generate";
    request.target = "default";
    request.body = hello;
    request.idempotency_key = "k";
  }

  std::map<std::string, provider_registry::service> services() {
    std::map<std::string, provider_registry::service> out;
    out["one"].provider.reset(first);
    out["one"].prices = price_table({{"big", {1'000'000, 2'000'000, {}}}});
    out["two"].provider.reset(second);
    return out;
  }

  static std::map<std::string, segment_settings> segments() {
    return {{"default", {{{"one", "big"}, {"two", "small"}}, 0.7, 100}},
            {"vectors", {{{"one", "e"}, {"two", "other"}, {"two", "e"}}, {}, {}}}};
  }

  outcome run() { return executor.execute(request, cancel, sink); }
};

json meta_of(const outcome& o) { return json::parse(o.meta); }

} // namespace

BOOST_AUTO_TEST_SUITE(model_executors)

BOOST_AUTO_TEST_CASE(an_answer_is_recorded_with_what_it_cost) {
  stage s;
  s.request.repeated = true;
  s.first->chat = [&](const chat_request&, const call_scope&) {
    s.time.at += 40ms;
    return reply("hello", token_usage{10, 5, 0});
  };
  const auto done = s.run();
  BOOST_TEST(done.ok);
  BOOST_TEST(json::parse(done.body) == json::parse(R"({"text": "hello", "finish": "stop"})"));
  BOOST_TEST(meta_of(done) == json::parse(R"({"provider": "one", "model": "big-2026-01-02", "attempts": 2,
    "tokens": {"prompt": 10, "completion": 5, "cached": 0}, "cost_micro": 20, "latency_ms": 40, "repeated": true,
    "tried": []})"));
}

BOOST_AUTO_TEST_CASE(a_segment_s_defaults_fill_what_the_caller_left_open) {
  stage s;
  s.request.body = R"({"messages": [{"role": "user", "content": "hi"}], "temperature": 0})";
  chat_request seen;
  s.first->chat = [&](const chat_request& asked, const call_scope&) {
    seen = asked;
    return reply("x");
  };
  s.run();
  BOOST_TEST(seen.model == "big");
  BOOST_TEST(seen.temperature.value() == 0.0);
  BOOST_TEST(seen.max_tokens.value() == 100);
}

BOOST_AUTO_TEST_CASE(the_scope_of_the_effect_reaches_the_provider) {
  stage s;
  s.request.deadline = s.time.at + 3s;
  instant deadline;
  std::string key;
  s.first->chat = [&](const chat_request&, const call_scope& scope) {
    deadline = scope.deadline;
    key = scope.idempotency_key;
    scope.progress.piece("p");
    return reply("x");
  };
  s.run();
  BOOST_TEST((deadline == s.request.deadline));
  BOOST_TEST(key == "k");
  BOOST_TEST(s.sink.pieces.size() == 1);
}

BOOST_AUTO_TEST_CASE(unknown_cost_is_null_and_not_zero) {
  stage s;
  s.first->chat = [](const chat_request&, const call_scope&) { return reply("x"); };
  BOOST_TEST(meta_of(s.run())["cost_micro"].is_null());
}

BOOST_AUTO_TEST_CASE(an_adapter_is_never_answered_by_a_service_that_has_none) {
  stage s;
  s.request.body = R"({"messages": [{"role": "user", "content": "hi"}], "adapter": "clerk"})";
  const auto done = s.run();
  BOOST_TEST(done.kind == "invalid");
  BOOST_TEST(done.message ==
             "the adapter \"clerk\" needs a model of the node's own, and the segment \"default\" names none");
}

BOOST_AUTO_TEST_CASE(the_next_model_is_asked_when_the_first_cannot_answer) {
  stage s;
  s.first->chat = [](const chat_request&, const call_scope&) { return failure("http.503"); };
  s.second->chat = [](const chat_request&, const call_scope&) { return reply("from two"); };
  const auto done = s.run();
  BOOST_TEST(done.ok);
  BOOST_TEST(meta_of(done)["provider"] == "two");
  BOOST_TEST(meta_of(done)["tried"] ==
             json::parse(R"([{"provider": "one", "model": "big", "kind": "http.503", "attempts": 3}])"));
}

BOOST_AUTO_TEST_CASE(the_last_model_s_failure_is_the_outcome) {
  stage s;
  s.first->chat = [](const chat_request&, const call_scope&) { return failure("rate_limited"); };
  s.second->chat = [](const chat_request&, const call_scope&) { return failure("timeout"); };
  const auto done = s.run();
  BOOST_TEST(!done.ok);
  BOOST_TEST(done.kind == "timeout");
  BOOST_TEST(done.message == "it failed");
  BOOST_TEST(meta_of(done)["model"] == "small");
}

BOOST_AUTO_TEST_CASE(a_cut_answer_is_not_asked_elsewhere_and_its_cost_is_kept) {
  stage s;
  s.first->chat = [](const chat_request&, const call_scope&) {
    auto cut = failure("model.truncated");
    cut.value().usage = token_usage{10, 0, 0};
    return cut;
  };
  const auto done = s.run();
  BOOST_TEST(done.kind == "model.truncated");
  BOOST_TEST(meta_of(done)["cost_micro"] == 10);
}

BOOST_AUTO_TEST_CASE(what_has_been_handed_on_is_not_told_again_by_another) {
  stage s;
  s.first->chat = [](const chat_request&, const call_scope&) { return failure("unavailable", true); };
  BOOST_TEST(s.run().kind == "unavailable");
}

BOOST_AUTO_TEST_CASE(a_cancel_asks_nobody_else) {
  stage s;
  s.first->chat = [](const chat_request&, const call_scope&) { return failure("canceled"); };
  BOOST_TEST(s.run().kind == "canceled");
}

BOOST_AUTO_TEST_CASE(vectors_are_never_taken_from_another_model) {
  stage s;
  s.request.verb = "model.embed";
  s.request.target = "vectors";
  s.request.body = R"({"inputs": ["a"]})";
  std::string asked;
  s.first->vectors = [](const embed_request&, const call_scope&) { return failure("unavailable"); };
  s.second->vectors = [&](const embed_request& request, const call_scope&) -> fakes::provider::embed_answer {
    asked = request.model;
    return answered<embed_reply>{{{{0.5F, 1.0F}}, "e", {}}, 1};
  };
  const auto done = s.run();
  BOOST_TEST(asked == "e");
  BOOST_TEST(json::parse(done.body) == json::parse(R"({"vectors": [[0.5, 1.0]]})"));
}

BOOST_AUTO_TEST_CASE(an_unknown_segment_is_told_the_known_ones) {
  stage s;
  s.request.target = "fast";
  const auto done = s.run();
  BOOST_TEST(done.kind == "invalid");
  BOOST_TEST(done.message == "there is no model segment \"fast\"; configured: default, vectors");
}

BOOST_AUTO_TEST_CASE(a_body_that_is_wrong_is_told_where) {
  stage s;
  s.request.body = R"({"messages": [{"role": "robot", "content": "hi"}]})";
  BOOST_TEST(s.run().message ==
             "the body of model.generate is wrong: /messages/0/role must be one of \"system\", "
             "\"user\", \"assistant\", not the text \"robot\"");
}

BOOST_AUTO_TEST_CASE(an_unknown_verb_is_refused) {
  stage s;
  s.request.verb = "model.paint";
  BOOST_TEST(s.run().kind == "invalid");
}

BOOST_AUTO_TEST_CASE(an_exception_becomes_an_outcome) {
  stage s;
  s.first->chat = [](const chat_request&, const call_scope&) -> fakes::provider::chat_answer {
    throw std::runtime_error("out of luck");
  };
  BOOST_TEST(s.run().kind == "model.internal");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(model_arguments)

BOOST_AUTO_TEST_CASE(a_request_survives_its_body) {
  chat_request request;
  request.messages = {{chat_role::system, "s"}, {chat_role::user, "u"}, {chat_role::assistant, "a"}};
  request.temperature = 0.25;
  request.max_tokens = 7;
  request.stop = {"x"};
  request.stream = true;
  request.format = answer_format{"n", R"({"type":"object"})"};
  BOOST_TEST((read_generate_arguments(generate_arguments(request)).value() == request));
}

BOOST_AUTO_TEST_CASE(an_embedding_survives_its_body) {
  const embed_request request{"", {"a", "b"}, 256};
  BOOST_TEST((read_embed_arguments(embed_arguments(request)).value() == request));
}

BOOST_AUTO_TEST_CASE(a_result_gives_back_its_text) {
  BOOST_TEST(read_generate_result(generate_result({"hi", "stop", "m", {}})).value() == "hi");
  BOOST_TEST(!read_generate_result("[]").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
