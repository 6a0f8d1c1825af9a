#include "tests/unit/gateway/openai/openai_fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using nlohmann::json;

namespace {

const json hello = json::array({{{"role", "user"}, {"content", "Hello there"}}});

json chat(json more = json::object()) {
  json body{{"model", "tiny"}, {"messages", hello}, {"max_tokens", 12}, {"seed", 7}, {"ignore_eos", true}};
  body.update(more);
  return body;
}

struct door_test : openai_fixture {
  json error_of(const std::string& target, const json& body, unsigned status) {
    const auto response = post(target, body);
    BOOST_TEST(response.status == status);
    return body_of(response)["error"];
  }
  std::string message_of(const json& body) {
    return error_of("/v1/chat/completions", body, 400)["message"].get<std::string>();
  }
};

std::string text_of(const std::vector<json>& events) {
  std::string text;
  for (const auto& event : events)
    for (const auto& choice : event["choices"])
      text += choice["delta"].value("content", "");
  return text;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(openai_routes, door_test)

BOOST_AUTO_TEST_CASE(a_conversation_goes_on) {
  const auto body = body_of(post("/v1/chat/completions", chat()));
  BOOST_TEST(body["object"] == "chat.completion");
  BOOST_TEST(body["id"] == "chatcmpl-ID");
  BOOST_TEST(body["model"] == "tiny");
  BOOST_TEST(body["choices"][0]["message"]["role"] == "assistant");
  BOOST_TEST(body["choices"][0]["finish_reason"] == "length");
  BOOST_TEST(body["usage"]["completion_tokens"] == 12);
  BOOST_TEST(body["usage"]["total_tokens"] == 12 + body["usage"]["prompt_tokens"].get<int>());
}

BOOST_AUTO_TEST_CASE(a_stream_says_the_same_in_pieces) {
  const auto whole = body_of(post("/v1/chat/completions", chat()));
  const auto events = events_of(
      post("/v1/chat/completions", chat({{"stream", true}, {"stream_options", {{"include_usage", true}}}})));
  BOOST_TEST(text_of(events) == whole["choices"][0]["message"]["content"]);
  BOOST_TEST(events.front()["choices"][0]["delta"]["role"] == "assistant");
  BOOST_TEST(events.back()["choices"].empty());
  BOOST_TEST(events.back()["usage"]["completion_tokens"] == 12);
  BOOST_TEST(events[events.size() - 2]["choices"][0]["finish_reason"] == "length");
}

BOOST_AUTO_TEST_CASE(a_seed_gives_the_same_choices_alone_and_together) {
  const auto many = body_of(post("/v1/chat/completions", chat({{"n", 3}})))["choices"];
  BOOST_TEST(many.size() == 3u);
  BOOST_TEST(many[0]["message"] != many[1]["message"]);
  const auto second = body_of(post("/v1/chat/completions", chat({{"seed", 8}})))["choices"];
  BOOST_TEST(second[0]["message"] == many[1]["message"]);
}

BOOST_AUTO_TEST_CASE(an_adapter_is_a_model_of_its_own) {
  const auto base = body_of(post("/v1/chat/completions", chat({{"temperature", 0}})));
  const auto poet = body_of(post("/v1/chat/completions", chat({{"temperature", 0}, {"model", "tiny+poet"}})));
  BOOST_TEST(base["choices"][0]["message"] != poet["choices"][0]["message"]);
  const auto wrong = error_of("/v1/chat/completions", chat({{"model", "tiny+nobody"}}), 404);
  BOOST_TEST(wrong["code"] == "model_not_found");
  BOOST_TEST(error_of("/v1/chat/completions", chat({{"model", "gpt-5"}}), 404)["param"] == "model");
}

BOOST_AUTO_TEST_CASE(scores_come_with_their_tokens) {
  const auto body = body_of(post("/v1/chat/completions", chat({{"logprobs", true}, {"top_logprobs", 2}})));
  const auto& content = body["choices"][0]["logprobs"]["content"];
  BOOST_TEST(content.size() == 12u);
  BOOST_TEST(content[0]["logprob"] <= 0);
  BOOST_TEST(content[0]["top_logprobs"].size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_prompt_beyond_the_context_is_a_clear_400) {
  auto body = chat();
  body["messages"][0]["content"] = std::string(5'000, 'x');
  const auto wrong = error_of("/v1/chat/completions", body, 400);
  BOOST_TEST(wrong["code"] == "context_length_exceeded");
  BOOST_TEST(wrong["type"] == "invalid_request_error");
  body["stream"] = true;
  BOOST_TEST(error_of("/v1/chat/completions", body, 400)["code"] == "context_length_exceeded");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  BOOST_TEST(message_of(chat({{"temprature", 1}})) == "unknown field 'temprature'");
  BOOST_TEST(message_of(chat({{"temperature", 3}})) == "'temperature' must be a number from 0.0 to 2.0");
  BOOST_TEST(message_of(chat({{"n", 0}})) == "'n' must be a whole number from 1 to 16");
  BOOST_TEST(message_of(chat({{"messages", json::array()}})).starts_with("'messages' must be a list"));
  BOOST_TEST(message_of(chat({{"tool_choice", "required"}})).starts_with("'tool_choice' asks for a tool"));
  BOOST_TEST(
      message_of(chat({{"response_format", {{"type", "yaml"}}}})).starts_with("'response_format' must be"));
  BOOST_TEST(
      message_of(chat({{"stream_options", {{"include_usage", true}}}})).starts_with("'stream_options'"));
  BOOST_TEST(message_of(chat({{"logit_bias", {{"x", 1}}}})).starts_with("'logit_bias'"));
  BOOST_TEST(message_of({{"messages", hello}}) == "you must provide 'model'");
  const json picture = json::array({{{"role", "user"}, {"content", json::array({{{"type", "image_url"}}})}}});
  BOOST_TEST(message_of(chat({{"messages", picture}})).starts_with("content is a text"));
}

BOOST_AUTO_TEST_CASE(documented_fields_without_effect_are_accepted) {
  const auto body = chat({{"store", false},
                          {"metadata", {{"a", "b"}}},
                          {"parallel_tool_calls", true},
                          {"service_tier", "auto"},
                          {"reasoning_effort", "low"},
                          {"response_format", {{"type", "text"}}},
                          {"top_logprobs", nullptr}});
  BOOST_TEST(post("/v1/chat/completions", body).status == 200u);
}

BOOST_AUTO_TEST_CASE(texts_go_on) {
  const json asked{{"model", "tiny"}, {"prompt", json::array({"Once", "Twice"})},
                   {"n", 2},          {"max_tokens", 5},
                   {"logprobs", 1},   {"echo", true},
                   {"seed", 1}};
  const auto body = body_of(post("/v1/completions", asked));
  BOOST_TEST(body["object"] == "text_completion");
  BOOST_TEST(body["choices"].size() == 4u);
  BOOST_TEST(body["choices"][2]["text"].get<std::string>().starts_with("Twice"));
  BOOST_TEST(body["choices"][2]["index"] == 2);
  BOOST_TEST(body["choices"][0]["logprobs"]["tokens"].size() <= 5u);
  BOOST_TEST(body["choices"][0]["logprobs"]["text_offset"][0] == 4);
  const auto by_ids = body_of(post("/v1/completions", {{"model", "tiny"}, {"prompt", {5, 6, 7}}}));
  BOOST_TEST(by_ids["usage"]["prompt_tokens"] == 3);
}

BOOST_AUTO_TEST_CASE(vectors_are_numbers_or_their_bytes) {
  const auto asked = [](const char* format) {
    return json{{"model", "tiny"}, {"input", json::array({"one", "two"})}, {"encoding_format", format}};
  };
  const auto numbers = body_of(post("/v1/embeddings", asked("float")));
  BOOST_TEST(numbers["data"].size() == 2u);
  BOOST_TEST(numbers["data"][1]["embedding"].size() == 64u);
  const auto bytes = body_of(post("/v1/embeddings", asked("base64")));
  BOOST_TEST(bytes["data"][1]["embedding"].get<std::string>().size() == (64u * 4 + 2) / 3 * 4);
  BOOST_TEST(error_of("/v1/embeddings", asked("hex"), 400)["param"] == "encoding_format");
  auto other = asked("float");
  other["dimensions"] = 8;
  BOOST_TEST(error_of("/v1/embeddings", other, 400)["param"] == "dimensions");
}

BOOST_AUTO_TEST_CASE(models_and_adapters_are_listed) {
  const auto list = body_of(get("/v1/models"));
  std::vector<std::string> ids;
  for (const auto& one : list["data"])
    ids.push_back(one["id"]);
  BOOST_TEST((ids == std::vector<std::string>{"caller", "tiny", "tiny+poet"}));
  BOOST_TEST(body_of(get("/v1/models/tiny%2Bpoet"))["object"] == "model");
  BOOST_TEST(get("/v1/models/gpt-5").status == 404u);
}

BOOST_AUTO_TEST_CASE(the_queue_and_the_batches_are_measured) {
  post("/v1/chat/completions", chat());
  const auto text = get("/metrics").body;
  BOOST_TEST(text.find("inference_queue_depth{model=\"tiny\"} 0") != std::string::npos);
  BOOST_TEST(text.find("troupe_model_completion_tokens_total{model=\"tiny\"} 12") != std::string::npos);
  BOOST_TEST(text.find("ai_inference_duration_seconds_count{domain=\"api\",model=\"tiny\"} 1") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_away_ends_its_text) {
  auto response = post("/v1/chat/completions", chat({{"stream", true}, {"max_tokens", 200}}));
  response.events.reset();
  const auto& server = own->at("tiny")->server();
  // Another text goes through the same thread, so what was canceled before it has ended by then.
  post("/v1/chat/completions", chat());
  post("/v1/chat/completions", chat());
  BOOST_TEST(server.counters().completion_tokens < 200u + 24);
  BOOST_TEST(server.counters().running == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
