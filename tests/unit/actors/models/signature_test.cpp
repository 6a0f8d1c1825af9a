#include "actors/models/predict_session.hpp"
#include "actors/models/signature.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::models;

namespace {

signature_text qualify_text() {
  signature_text text;
  text.name = "sales.qualify";
  text.version = 3;
  text.instructions = "Judge the lead.";
  text.input = R"({"type": "object", "required": ["lead"]})";
  text.output = R"({"type": "object", "properties": {"score": {"type": "integer"}}, "required": ["score"]})";
  return text;
}

signature qualify() { return *signature::make(qualify_text()); }

constexpr auto lead = R"({"lead": {"name": "Ann"}})";

} // namespace

BOOST_AUTO_TEST_SUITE(signatures)

BOOST_AUTO_TEST_CASE(a_question_is_instructions_schema_and_input) {
  const auto messages = *qualify().render(json::parse(lead));
  BOOST_REQUIRE(messages.size() == 2);
  BOOST_TEST(messages[0].text.find("Judge the lead.") == 0U);
  BOOST_TEST(messages[0].text.find(qualify().output().text()) != std::string::npos);
  BOOST_TEST(messages[1].text == R"({"lead":{"name":"Ann"}})");
}

BOOST_AUTO_TEST_CASE(the_same_input_renders_to_the_same_bytes) {
  const auto one = *qualify().render(json::parse(R"({"lead": 1, "a": 2})"));
  const auto two = *qualify().render(json::parse(R"({"a": 2, "lead": 1})"));
  BOOST_TEST((one == two));
}

BOOST_AUTO_TEST_CASE(examples_come_before_the_input) {
  auto text = qualify_text();
  text.examples.push_back({R"({"lead": 1})", R"({ "score": 9 })"});
  const auto messages = *signature::make(text)->render(json::parse(lead));
  BOOST_REQUIRE(messages.size() == 4);
  BOOST_TEST(messages[1].text == R"({"lead":1})");
  BOOST_TEST((messages[2] == chat_message{chat_role::assistant, R"({"score":9})"}));
}

BOOST_AUTO_TEST_CASE(examples_that_break_the_schema_are_refused) {
  auto text = qualify_text();
  text.examples.push_back({R"({"lead": 1})", R"({"score": "high"})"});
  BOOST_TEST(signature::make(text).error().message == "sales.qualify: example 1's output breaks its schema: "
                                                      "/score must be an integer, not the text \"high\"");
}

BOOST_AUTO_TEST_CASE(a_schema_that_does_not_compile_is_named) {
  auto text = qualify_text();
  text.output = R"({"type": "text"})";
  BOOST_TEST(signature::make(text).error().message ==
             "sales.qualify's output: the schema at \"#\" names an unknown type \"text\"");
}

BOOST_AUTO_TEST_CASE(a_name_no_service_would_take_is_refused) {
  auto text = qualify_text();
  text.name = "sales qualify";
  BOOST_TEST(!signature::make(text).has_value());
}

BOOST_AUTO_TEST_CASE(the_format_s_name_has_no_dots) {
  BOOST_TEST(qualify().format().name == "sales_qualify");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(predictions)

BOOST_AUTO_TEST_CASE(a_valid_answer_ends_the_session) {
  predict_session session(qualify(), 2);
  const auto asked = session.start(lead);
  const auto step = session.feed("```json\n{\"score\": 80.0}\n```");
  BOOST_TEST((asked.state == predict_state::asking));
  BOOST_TEST((step.state == predict_state::done));
  BOOST_TEST(step.output == R"({"score":80.0})");
}

BOOST_AUTO_TEST_CASE(an_invalid_answer_is_sent_back_with_the_reason) {
  predict_session session(qualify(), 2);
  session.start(lead);
  const auto step = session.feed(R"({"score": "high"})");
  BOOST_REQUIRE((step.state == predict_state::asking));
  BOOST_REQUIRE(step.messages.size() == 4);
  BOOST_TEST((step.messages[2] == chat_message{chat_role::assistant, R"({"score": "high"})"}));
  BOOST_TEST(step.messages[3].text.find("/score must be an integer, not the text \"high\"") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(only_the_newest_faulty_answer_is_quoted) {
  predict_session session(qualify(), 2);
  session.start(lead);
  session.feed("first");
  const auto step = session.feed("second");
  BOOST_REQUIRE(step.messages.size() == 4);
  BOOST_TEST(step.messages[2].text == "second");
}

BOOST_AUTO_TEST_CASE(an_empty_answer_is_not_quoted) {
  predict_session session(qualify(), 1);
  session.start(lead);
  BOOST_TEST(session.feed("").messages.size() == 3);
}

BOOST_AUTO_TEST_CASE(the_last_invalid_answer_fails_the_prediction) {
  predict_session session(qualify(), 1);
  session.start(lead);
  session.feed("no");
  const auto step = session.feed("{}");
  BOOST_TEST((step.state == predict_state::failed));
  BOOST_TEST(step.failure.kind == "model.invalid_output");
  BOOST_TEST(step.failure.message ==
             "no answer to sales.qualify@3 fits its schema after 2 tries; the last: the "
             "document lacks the property \"score\"");
  BOOST_TEST(json::parse(step.failure.meta)["asked"] == 2);
}

BOOST_AUTO_TEST_CASE(without_reasks_the_first_invalid_answer_fails) {
  predict_session session(qualify(), 0);
  session.start(lead);
  BOOST_TEST((session.feed("no").state == predict_state::failed));
}

BOOST_AUTO_TEST_CASE(an_input_that_breaks_the_schema_is_never_asked) {
  predict_session session(qualify(), 2);
  const auto step = session.start("{}");
  BOOST_TEST((step.state == predict_state::failed));
  BOOST_TEST(step.failure.kind == "invalid");
  BOOST_TEST(session.asked() == 0);
}

BOOST_AUTO_TEST_CASE(a_reply_nobody_asked_for_is_a_defect) {
  predict_session session(qualify(), 2);
  session.start(lead);
  session.feed(R"({"score": 1})");
  BOOST_CHECK_THROW(session.feed(R"({"score": 1})"), std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()
