#include "actors/models/native/tool_calls.hpp"

#include "config/schema/schema.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe::models;

namespace {

const tool_call weather{"weather", R"({"city":"Ulm"})"};

const std::vector<tool_shape> tools{
    {"weather", R"({"type": "object", "properties": {"city": {"type": "string"}}})", true},
    {"time", R"({"type": "object"})", false}};

std::string shown(std::string_view written, tool_style style) {
  return std::string(written.substr(0, tool_call_may_begin(written, style)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(tool_calls)

BOOST_AUTO_TEST_CASE(templates_show_how_their_models_call) {
  BOOST_TEST((tool_style_of("… '<tool_call>\\n' …") == tool_style::tagged));
  BOOST_TEST((tool_style_of("… \"[TOOL_CALLS] [\" …") == tool_style::listed));
  BOOST_TEST((tool_style_of("… functools[ …") == tool_style::functools));
  BOOST_TEST((tool_style_of("… '\"parameters\": ' …") == tool_style::parameters));
  BOOST_TEST((tool_style_of("{{ messages }}") == tool_style::none));
}

BOOST_AUTO_TEST_CASE(a_call_ends_where_the_next_one_begins) {
  const std::string one = R"(<tool_call>{"name": "weather", "arguments": {"city": "Ulm"}})";
  const auto reply = read_tool_reply(one + one + R"(<tool_call>{"na)", tool_style::tagged);
  BOOST_TEST((reply.calls == std::vector{weather, weather}));
  BOOST_TEST(reply.text == R"(<tool_call>{"na)");
}

BOOST_AUTO_TEST_CASE(tagged_calls_are_taken_out_of_the_text) {
  const auto reply = read_tool_reply("Let me look.\n<tool_call>\n{\"name\": \"weather\", \"arguments\": "
                                     "{\"city\": \"Ulm\"}}\n</tool_call>\n<tool_call>{\"name\": \"weather\", "
                                     "\"arguments\": \"{\\\"city\\\": \\\"Ulm\\\"}\"}",
                                     tool_style::tagged);
  BOOST_TEST(reply.text == "Let me look.");
  BOOST_TEST((reply.calls == std::vector{weather, weather}));
}

BOOST_AUTO_TEST_CASE(listed_calls_are_read) {
  const auto reply = read_tool_reply(R"([TOOL_CALLS] [{"name": "weather", "arguments": {"city": "Ulm"}}])",
                                     tool_style::listed);
  BOOST_TEST(reply.text == "");
  BOOST_TEST((reply.calls == std::vector{weather}));
}

BOOST_AUTO_TEST_CASE(llamas_calls_are_the_whole_reply) {
  const auto style = tool_style::parameters;
  BOOST_TEST(
      (read_tool_reply(R"(<|python_tag|>{"name": "weather", "parameters": {"city": "Ulm"}})", style).calls ==
       std::vector{weather}));
  BOOST_TEST(read_tool_reply(R"(Look: {"name": "weather", "parameters": {}})", style).calls.empty());
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_a_call_stays_text) {
  const std::vector<std::string> texts{"<tool_call>{\"name\": 5}</tool_call>", "<tool_call>nothing",
                                       "<tool_call>{\"name\": \"a\", \"arguments\": [1]}</tool_call>"};
  for (const auto& text : texts) {
    const auto reply = read_tool_reply(text, tool_style::tagged);
    BOOST_TEST(reply.text == text);
    BOOST_TEST(reply.calls.empty());
  }
  BOOST_TEST(read_tool_reply("[TOOL_CALLS] and so on", tool_style::listed).text == "[TOOL_CALLS] and so on");
}

BOOST_AUTO_TEST_CASE(a_text_is_shown_up_to_where_a_call_may_begin) {
  BOOST_TEST(shown("two < three", tool_style::tagged) == "two < three");
  BOOST_TEST(shown("wait <tool_", tool_style::tagged) == "wait ");
  BOOST_TEST(shown("wait <tool_call>{", tool_style::tagged) == "wait ");
  BOOST_TEST(shown("  {\"na", tool_style::parameters) == "");
  BOOST_TEST(shown("Hello", tool_style::parameters) == "Hello");
  BOOST_TEST(shown("<tool_call>", tool_style::none) == "<tool_call>");
}

BOOST_AUTO_TEST_CASE(a_forced_call_is_written_around_its_arguments) {
  const std::string city = R"({"city":"Ulm"})";
  for (const auto style :
       {tool_style::tagged, tool_style::listed, tool_style::functools, tool_style::parameters}) {
    const auto call = force_call(style, tools, "weather", 1);
    BOOST_TEST(call.schema == tools[0].parameters);
    BOOST_TEST((read_tool_reply(call.begin + city + call.end, style).calls == std::vector{weather}));
  }
  BOOST_TEST(force_call(tool_style::tagged, tools, "weather", 1).begin ==
             "<tool_call>\n{\"name\": \"weather\", \"arguments\":");
}

BOOST_AUTO_TEST_CASE(a_call_of_any_tool_is_a_schema_in_which_each_keeps_its_own_references) {
  const auto call = force_call(tool_style::listed, tools, "", 3);
  BOOST_TEST(call.begin == "[TOOL_CALLS]");
  BOOST_TEST(call.end == "");
  const auto shape = troupe::config::schema::compile(call.schema).value();
  const auto fits = [&](const char* text) { return !shape.check(nlohmann::json::parse(text)).has_value(); };
  BOOST_TEST(
      fits(R"([{"name": "weather", "arguments": {"city": "Ulm"}}, {"name": "time", "arguments": {}}])"));
  BOOST_TEST(!fits(R"([{"name": "weather", "arguments": {"city": 5}}])"));
  BOOST_TEST(!fits(R"([{"name": "sun", "arguments": {}}])"));
  BOOST_TEST(!fits("[]"));
}

BOOST_AUTO_TEST_SUITE_END()
