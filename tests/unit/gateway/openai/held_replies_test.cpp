// Replies that are held to a schema, by models whose random weights know none.
#include "config/schema/schema.hpp"
#include "tests/unit/gateway/openai/openai_fixture.hpp"

using namespace troupe;
using namespace troupe::test;
using nlohmann::json;

namespace {

const json person =
    json::parse(R"({"type": "object", "required": ["name", "age"], "additionalProperties": false,
  "properties": {"name": {"enum": ["Ada", "Bea"]}, "age": {"type": "integer", "minimum": 0, "maximum": 150}}})");

const json weather = json::parse(R"({"type": "function", "function": {"name": "weather", "strict": true,
  "parameters": {"type": "object", "required": ["city"], "additionalProperties": false,
                 "properties": {"city": {"enum": ["Ulm", "Bonn"]}}}}})");
const json clock_tool = json::parse(R"({"type": "function", "function": {"name": "time",
  "parameters": {"type": "object", "additionalProperties": false}}})");

json format_of(const json& schema) {
  return {{"type", "json_schema"},
          {"json_schema", {{"name", "answer"}, {"strict", true}, {"schema", schema}}}};
}

struct held_door : openai_fixture {
  json chat(const json& more) {
    json body{{"model", "caller"},
              {"messages", json::array({{{"role", "user"}, {"content", "Hello"}}})},
              {"max_tokens", 400}};
    body.update(more);
    return body;
  }
  json choice_of(const json& more) {
    const auto response = post("/v1/chat/completions", chat(more));
    BOOST_TEST_REQUIRE(response.status == 200u, response.body);
    return body_of(response)["choices"][0];
  }
  json error_of(const json& more) {
    const auto response = post("/v1/chat/completions", chat(more));
    BOOST_TEST(response.status == 400u);
    return body_of(response)["error"];
  }
};

bool fits(const json& schema, const std::string& text) {
  return !config::schema::compile(schema.dump())->check(json::parse(text)).has_value();
}

json only_call(const json& choice) {
  BOOST_TEST(choice["finish_reason"] == "tool_calls");
  BOOST_TEST_REQUIRE(choice["message"]["tool_calls"].size() == 1u);
  return choice["message"]["tool_calls"][0]["function"];
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(held_replies, held_door)

BOOST_AUTO_TEST_CASE(a_reply_fits_the_schema_it_was_asked_for) {
  for (int seed = 0; seed < 10; ++seed) {
    const auto choice = choice_of({{"seed", seed}, {"response_format", format_of(person)}});
    BOOST_TEST(choice["finish_reason"] == "stop");
    BOOST_TEST(fits(person, choice["message"]["content"]));
  }
}

BOOST_AUTO_TEST_CASE(choices_are_held_each_by_itself_and_so_are_streams) {
  const auto response =
      post("/v1/chat/completions",
           chat({{"n", 3}, {"seed", 1}, {"stream", true}, {"response_format", format_of(person)}}));
  std::map<int, std::string> texts;
  for (const auto& event : events_of(response))
    for (const auto& choice : event["choices"])
      texts[choice["index"].get<int>()] += choice["delta"].value("content", "");
  BOOST_TEST(texts.size() == 3u);
  for (const auto& [index, text] : texts)
    BOOST_TEST(fits(person, text), text);
}

BOOST_AUTO_TEST_CASE(any_object_will_do_where_only_json_is_asked_for) {
  const json small{{"type", "json_object"}};
  const auto choice = choice_of({{"seed", 3}, {"max_tokens", 4'000}, {"response_format", small}});
  const auto content = choice["message"]["content"].get<std::string>();
  BOOST_TEST(content.starts_with("{"));
  BOOST_TEST((choice["finish_reason"] == "length" || json::parse(content).is_object()));
  const json unnamed{{"type", "json_schema"}, {"json_schema", {{"name", "answer"}}}};
  BOOST_TEST(choice_of({{"max_tokens", 5}, {"response_format", unnamed}})["finish_reason"] == "length");
}

BOOST_AUTO_TEST_CASE(scores_and_a_wish_not_to_end_change_nothing_about_the_form) {
  const auto choice =
      choice_of({{"logprobs", true}, {"ignore_eos", true}, {"response_format", format_of(person)}});
  BOOST_TEST(choice["finish_reason"] == "stop");
  BOOST_TEST(fits(person, choice["message"]["content"]));
  BOOST_TEST(!choice["logprobs"]["content"].empty());
}

BOOST_AUTO_TEST_CASE(a_tool_that_is_named_is_called_with_arguments_that_fit) {
  const json named{{"type", "function"}, {"function", {{"name", "weather"}}}};
  const auto call =
      only_call(choice_of({{"tools", json::array({weather, clock_tool})}, {"tool_choice", named}}));
  BOOST_TEST(call["name"] == "weather");
  BOOST_TEST(fits(weather["function"]["parameters"], call["arguments"]));
}

BOOST_AUTO_TEST_CASE(a_call_that_is_required_is_of_one_of_the_tools) {
  const auto call =
      only_call(choice_of({{"tools", json::array({weather})}, {"tool_choice", "required"}, {"seed", 2}}));
  BOOST_TEST(call["name"] == "weather");
  BOOST_TEST(fits(weather["function"]["parameters"], call["arguments"]));
}

BOOST_AUTO_TEST_CASE(a_forced_call_comes_in_a_stream_too) {
  const auto events = events_of(
      post("/v1/chat/completions",
           chat({{"tools", json::array({weather})}, {"tool_choice", "required"}, {"stream", true}})));
  json calls;
  for (const auto& event : events)
    for (const auto& choice : event["choices"])
      if (choice["delta"].contains("tool_calls"))
        calls = choice["delta"]["tool_calls"];
  BOOST_TEST_REQUIRE(calls.size() == 1u);
  BOOST_TEST(fits(weather["function"]["parameters"], calls[0]["function"]["arguments"]));
}

BOOST_AUTO_TEST_CASE(a_call_that_the_model_makes_by_itself_fits_where_its_tool_is_strict) {
  // It wants to call wherever it may.
  const json wish{{std::to_string(testing::call_token), 100}};
  const auto choice =
      choice_of({{"tools", json::array({weather, clock_tool})}, {"logit_bias", wish}, {"max_tokens", 120}});
  BOOST_TEST(choice["finish_reason"] == "tool_calls");
  const auto& call = choice["message"]["tool_calls"][0]["function"];
  const bool sound = call["name"] == "time" || fits(weather["function"]["parameters"], call["arguments"]);
  BOOST_TEST(sound, call.dump());
}

BOOST_AUTO_TEST_CASE(where_no_tool_is_strict_a_call_is_free) {
  auto loose = weather;
  loose["function"]["strict"] = false;
  const json wish{{std::to_string(testing::call_token), 100}};
  const auto choice = choice_of({{"tools", json::array({loose})}, {"logit_bias", wish}, {"max_tokens", 40}});
  BOOST_TEST(choice["finish_reason"] == "length"); // a mark, another, …
}

BOOST_AUTO_TEST_CASE(what_cannot_be_held_to_is_named) {
  const json odd{{"type", "array"}, {"uniqueItems", true}, {"items", {{"type", "number"}}}};
  const auto refused = error_of({{"response_format", format_of(odd)}});
  BOOST_TEST(refused["message"].get<std::string>().find("uniqueItems") != std::string::npos);
  BOOST_TEST(refused["param"] == "response_format");
  BOOST_TEST(refused["hint"].get<std::string>().find("docs/constrained-output.md") != std::string::npos);
  auto streamed = json{{"response_format", format_of(odd)}, {"stream", true}};
  BOOST_TEST(error_of(streamed)["param"] == "response_format");
  auto tool = weather;
  tool["function"]["parameters"] = {{"type", "object"}, {"properties", {{"x", odd}}}};
  BOOST_TEST(error_of({{"tools", json::array({tool})}, {"tool_choice", "required"}})["param"] == "tools");
  BOOST_TEST(error_of({{"tools", json::array({tool})}})["param"] == "tools");
}

BOOST_AUTO_TEST_CASE(requests_that_make_no_sense_are_named) {
  const auto message = [&](const json& more) { return error_of(more)["message"].get<std::string>(); };
  BOOST_TEST(
      message({{"response_format", {{"type", "json_schema"}}}}).starts_with("'response_format.json_schema'"));
  auto unknown = format_of(person);
  unknown["json_schema"]["schemas"] = 1;
  BOOST_TEST(message({{"response_format", unknown}}) ==
             "unknown field 'response_format.json_schema.schemas'");
  BOOST_TEST(message({{"response_format", format_of("text")}}).find("must be a JSON Schema") !=
             std::string::npos);
  BOOST_TEST(message({{"response_format", format_of(person)}, {"tools", json::array({weather})}})
                 .find("none of 'tools' could be called") != std::string::npos);
  auto tool = weather;
  tool["function"]["strict"] = "yes";
  BOOST_TEST(message({{"tools", json::array({tool})}}) == "'strict' must be true or false");
  tool = weather;
  tool["function"]["parameters"] = 5;
  BOOST_TEST(message({{"tools", json::array({tool})}}) == "the parameters of a tool are a JSON Schema");
  BOOST_TEST(message({{"model", "agent/parrot"}, {"response_format", format_of(person)}}) ==
             "an agent cannot be held to a 'response_format'");
  BOOST_TEST(message({{"model", "tiny"}, {"tools", json::array({weather})}, {"tool_choice", "required"}}) ==
             "this model was not taught to call tools");
}

BOOST_AUTO_TEST_SUITE_END()
