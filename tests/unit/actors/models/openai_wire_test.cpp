#include "actors/models/openai_key.hpp"
#include "actors/models/openai_wire.hpp"
#include "tests/unit/actors/models/fakes.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::models;

namespace {

chat_request full_request() {
  chat_request request;
  request.model = "m";
  request.messages = {{chat_role::system, "be"}, {chat_role::user, "hi"}};
  request.temperature = 0.5;
  request.max_tokens = 10;
  request.stop = {"END"};
  request.format = answer_format{"out", R"({"type": "object"})"};
  return request;
}

std::string kind_of(std::string_view body) {
  const auto reply = read_chat(body);
  return reply ? "answer" : reply.error().kind;
}

std::string chat(std::string_view finish, std::string_view message) {
  return R"({"model": "m", "usage": {"prompt_tokens": 7, "completion_tokens": 1}, "choices": [{"finish_reason": ")" +
         std::string(finish) + R"(", "message": )" + std::string(message) + "}]}";
}

std::string streamed(const std::vector<std::string>& events) {
  chat_stream stream;
  fakes::sink sink;
  for (const auto& data : events)
    stream.feed("data: " + data + "\n\n", sink);
  const auto reply = stream.finish();
  return reply ? "answer: " + reply->text : reply.error().kind;
}

} // namespace

BOOST_AUTO_TEST_SUITE(openai_wire)

BOOST_AUTO_TEST_CASE(a_request_holds_what_was_asked) {
  const auto body = json::parse(chat_body(full_request(), {}, false));
  BOOST_TEST(body == json::parse(R"({"model": "m", "messages": [{"role": "system", "content": "be"},
    {"role": "user", "content": "hi"}], "temperature": 0.5, "max_tokens": 10, "stop": ["END"], "response_format":
    {"type": "json_schema", "json_schema": {"name": "out", "schema": {"type": "object"}}}})"));
}

BOOST_AUTO_TEST_CASE(a_streamed_request_asks_for_its_usage) {
  const auto body = json::parse(chat_body(full_request(), {}, true));
  BOOST_TEST(body["stream"] == true);
  BOOST_TEST(body["stream_options"]["include_usage"] == true);
}

BOOST_AUTO_TEST_CASE(a_dialect_changes_what_a_service_would_refuse) {
  const auto body = json::parse(
      chat_body(full_request(), {format_style::json_object, "max_completion_tokens", false}, true));
  BOOST_TEST(body["max_completion_tokens"] == 10);
  BOOST_TEST(!body.contains("max_tokens"));
  BOOST_TEST(body["response_format"] == json::parse(R"({"type": "json_object"})"));
  BOOST_TEST(!body.contains("stream_options"));
  BOOST_TEST(!json::parse(chat_body(full_request(), {format_style::none, "max_tokens", true}, false))
                  .contains("response_format"));
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_can_still_be_asked) {
  chat_request request;
  request.messages = {{chat_role::user, "\xFF"}};
  BOOST_TEST(json::parse(chat_body(request, {}, false))["messages"][0]["content"] == "\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(an_answer_cut_at_the_limit_is_truncated_and_paid_for) {
  const auto reply = read_chat(chat("length", R"({"content": "half"})"));
  BOOST_TEST(reply.error().kind == "model.truncated");
  BOOST_TEST((reply.error().usage == token_usage{7, 1, 0}));
}

BOOST_AUTO_TEST_CASE(filtered_and_refused_answers_are_refusals) {
  BOOST_TEST(kind_of(chat("content_filter", R"({"content": "x"})")) == "model.refused");
  BOOST_TEST(kind_of(chat("stop", R"({"content": null, "refusal": "I will not"})")) == "model.refused");
}

BOOST_AUTO_TEST_CASE(a_tool_nobody_offered_is_a_bad_response) {
  BOOST_TEST(kind_of(chat("tool_calls", R"({"content": null})")) == "model.bad_response");
}

BOOST_AUTO_TEST_CASE(words_for_a_natural_end_vary) {
  BOOST_TEST(kind_of(chat("eos", R"({"content": "x"})")) == "answer");
  BOOST_TEST(kind_of(chat("stop", R"({"content": ""})")) == "answer");
}

BOOST_AUTO_TEST_CASE(answers_without_an_answer_are_bad_responses) {
  BOOST_TEST(kind_of("<html>") == "model.bad_response");
  BOOST_TEST(kind_of("[]") == "model.bad_response");
  BOOST_TEST(kind_of(R"({"choices": []})") == "model.bad_response");
  BOOST_TEST(kind_of(R"({"choices": [3]})") == "model.bad_response");
  BOOST_TEST(kind_of(chat("stop", R"({"content": 3})")) == "model.bad_response");
}

BOOST_AUTO_TEST_CASE(nonsense_counts_are_clamped) {
  const auto reply = read_chat(R"({"choices": [{"message": {"content": "x"}}],
    "usage": {"prompt_tokens": -5, "completion_tokens": 99999999999999, "prompt_tokens_details": {"cached_tokens": "a"}}})");
  BOOST_TEST((reply->usage == token_usage{0, 1'000'000'000, 0}));
}

BOOST_AUTO_TEST_CASE(embeddings_that_do_not_match_the_inputs_are_refused) {
  const auto refused = [](std::string_view body) { return !read_embeddings(body, 2).has_value(); };
  BOOST_TEST(refused(R"({"data": [{"index": 0, "embedding": [1]}]})"));
  BOOST_TEST(refused(R"({"data": [{"index": 0, "embedding": [1]}, {"index": 0, "embedding": [1]}]})"));
  BOOST_TEST(refused(R"({"data": [{"index": 0, "embedding": [1]}, {"index": 2, "embedding": [1]}]})"));
  BOOST_TEST(refused(R"({"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": ["a"]}]})"));
  BOOST_TEST(refused(R"({"data": [{"index": 0, "embedding": [1]}, {"index": 1, "embedding": [1e300]}]})"));
}

BOOST_AUTO_TEST_CASE(error_bodies_are_read_in_the_shapes_they_come_in) {
  BOOST_TEST(read_error(R"({"error": {"message": "a", "code": "c"}})").message == "a");
  BOOST_TEST(read_error(R"({"error": {"message": "a", "code": "c"}})").code == "c");
  BOOST_TEST(read_error(R"({"error": "b"})").message == "b");
  BOOST_TEST(read_error(R"({"detail": "d"})").message == "d");
  BOOST_TEST(read_error("plain words").message == "plain words");
}

BOOST_AUTO_TEST_CASE(a_stream_s_verdict_is_that_of_a_whole_answer) {
  BOOST_TEST(streamed({R"({"choices": [{"delta": {"content": "a"}, "finish_reason": "length"}]})"}) ==
             "model.truncated");
  BOOST_TEST(streamed({R"({"choices": [{"delta": {"refusal": "no"}, "finish_reason": "stop"}]})"}) ==
             "model.refused");
  BOOST_TEST(streamed({"{broken"}) == "model.bad_response");
  BOOST_TEST(streamed({R"({"choices": [{"delta": {"content": "a"}}]})", "[DONE]"}) == "answer: a");
  BOOST_TEST(streamed({R"({"choices": null})", "3", "[DONE]"}) == "answer: ");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(a_key_is_read_from_the_environment_at_each_call) {
  const auto key = key_from_environment("TROUPE_TEST_MODEL_KEY");
  ::setenv("TROUPE_TEST_MODEL_KEY", "one", 1);
  BOOST_TEST(key().value() == "one");
  ::setenv("TROUPE_TEST_MODEL_KEY", "two", 1);
  BOOST_TEST(key().value() == "two");
  ::unsetenv("TROUPE_TEST_MODEL_KEY");
  BOOST_TEST(key().error().message ==
             "the environment has no TROUPE_TEST_MODEL_KEY, which should hold the API key");
}

BOOST_AUTO_TEST_CASE(a_key_is_the_first_line_of_its_file) {
  const auto path = std::filesystem::temp_directory_path() / ("troupe-key-" + std::to_string(::getpid()));
  std::ofstream(path) << "sk-1\r\nnot this\n";
  BOOST_TEST(key_from_file(path.string())().value() == "sk-1");
  std::filesystem::remove(path);
  BOOST_TEST(!key_from_file(path.string())().has_value());
}

BOOST_AUTO_TEST_CASE(a_key_that_would_split_a_header_is_refused_without_being_quoted) {
  ::setenv("TROUPE_TEST_MODEL_KEY", "sk-1\r\nX: y", 1);
  const auto key = key_from_environment("TROUPE_TEST_MODEL_KEY")();
  ::unsetenv("TROUPE_TEST_MODEL_KEY");
  BOOST_TEST(key.error().message == "the API key in TROUPE_TEST_MODEL_KEY holds characters that no key has");
}

BOOST_AUTO_TEST_CASE(every_occurrence_of_a_key_goes) {
  BOOST_TEST(without_key("a sk-1 b sk-1sk-1", "sk-1") == "a * b **");
  BOOST_TEST(without_key("a", "") == "a");
}

BOOST_AUTO_TEST_SUITE_END()
