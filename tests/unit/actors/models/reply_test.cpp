#include "actors/models/reply.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe::models;

namespace {

std::string found(std::string_view reply) {
  const auto value = extract_json(reply);
  return value ? value->dump() : value.error().message;
}

} // namespace

BOOST_AUTO_TEST_SUITE(replies)

BOOST_AUTO_TEST_CASE(a_bare_document_is_taken_whole) {
  BOOST_TEST(found(" \n{\"a\": [1, 2]}\n") == R"({"a":[1,2]})");
  BOOST_TEST(found("42") == "42");
}

BOOST_AUTO_TEST_CASE(a_fenced_document_is_unwrapped) {
  BOOST_TEST(found("Here you are:\n```json\n{\"a\": 1}\n```\nAnything else?") == R"({"a":1})");
  BOOST_TEST(found("```\n[1]\n```") == "[1]");
}

BOOST_AUTO_TEST_CASE(a_fence_around_something_else_is_passed_over) {
  BOOST_TEST(found("```py\nprint(1)\n```\n```json\n{\"a\": 1}\n```") == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(a_document_between_words_is_found) {
  BOOST_TEST(found("Sure! {\"a\": \"}\"} is my answer.") == R"({"a":"}"})");
}

BOOST_AUTO_TEST_CASE(a_short_remark_in_brackets_is_not_the_document) {
  BOOST_TEST(found("As [1] says, {x} stands for {\"a\": 1, \"b\": 2} here [2].") == R"({"a":1,"b":2})");
}

BOOST_AUTO_TEST_CASE(thoughts_are_passed_over) {
  BOOST_TEST(found("<think>maybe {\"score\": 1, \"reasons\": [\"long\"]}</think>\n{\"score\": 2}") ==
             R"({"score":2})");
}

BOOST_AUTO_TEST_CASE(a_reply_without_a_document_says_why) {
  BOOST_TEST(found("  ") == "the answer is empty");
  BOOST_TEST(found("I cannot do that.").find("the answer is not JSON: parse error") == 0U);
  BOOST_TEST(found("{\"a\": 1").find("the answer is not JSON") == 0U);
}

BOOST_AUTO_TEST_CASE(brackets_without_end_are_given_up) {
  BOOST_TEST(found(std::string(100'000, '{')).find("the answer nests deeper") == 0U);
  BOOST_TEST(found("x " + std::string(500'000, '[') + std::string(400'000, ']')).find("the answer") == 0U);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_no_document) {
  BOOST_TEST(found("{\"a\": \"\xFF\"}").find("the answer is not JSON") == 0U);
}

BOOST_AUTO_TEST_CASE(a_repair_request_quotes_the_reason) {
  BOOST_TEST(repair_request("/a must be null").text == "That answer cannot be used: /a must be null. Send "
                                                       "the whole corrected JSON document and nothing else.");
}

BOOST_AUTO_TEST_SUITE_END()
