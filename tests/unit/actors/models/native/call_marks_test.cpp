#include "actors/models/native/call_marks.hpp"

#include "actors/models/native/form_cache.hpp"
#include "kernels/tokenizer/read.hpp"
#include "tests/support/tiny_model.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::models;
using kernels::token_id;

namespace {

const std::vector<tool_shape> tools{
    {"weather", R"({"type": "object", "properties": {"city": {"$ref": "#/$defs/place"}}, "required": ["city"],
                    "additionalProperties": false, "$defs": {"place": {"enum": ["Ulm", "Bonn"]}}})",
     true}};

/// Replies of the tiny model, whose vocabulary has every byte.
struct caller {
  explicit caller(tool_style style)
      : marks(style, words, forms.tokens())
      , reply(marks.hold(forms.json_text(calls_schema(style, tools, 4), json_blanks::one).value())) {}

  bool allows(token_id token) {
    std::vector<std::uint64_t> bits(kernels::words_for(words.words().size()));
    reply->allow(bits);
    return (bits[static_cast<std::size_t>(token) / 64] >> (token % 64) & 1) != 0;
  }
  token_id token(const std::string& text) { return words.find(text).value(); }
  bool allows(const std::string& text) { return allows(token(text)); }

  /// A byte at a time; each has to be in the mask if it is taken, and the other way round.
  bool goes_on(std::string_view text) {
    for (const auto byte : text) {
      const auto next = words.encode(std::string(1, byte), {}).value().front();
      const bool allowed = allows(next);
      BOOST_TEST(reply->accept(next) == allowed);
      if (!allowed)
        return false;
    }
    return true;
  }

  kernels::tokenizer words = kernels::open_tokenizer(testing::tiny_model()).value();
  form_cache forms{words};
  call_marks marks;
  std::unique_ptr<kernels::token_constraint> reply;
};

} // namespace

BOOST_AUTO_TEST_SUITE(call_marks_in_replies)

BOOST_AUTO_TEST_CASE(a_reply_is_free_until_a_call_opens_and_free_again_behind_it) {
  caller own(tool_style::tagged);
  BOOST_TEST(own.goes_on("Let me < see {\"name\": 5} "));
  BOOST_TEST(own.reply->is_complete());
  BOOST_TEST(own.goes_on("<tool_call>"));
  BOOST_TEST(!own.reply->is_complete());
  BOOST_TEST(own.goes_on(R"( {"name": "weather", "arguments": {"city": "Ulm"}})"));
  BOOST_TEST(own.goes_on("</tool_call> and <tool_<tool_call>{"));
  BOOST_TEST(!own.allows("x"));
}

BOOST_AUTO_TEST_CASE(arguments_that_do_not_fit_cannot_be_written) {
  caller own(tool_style::tagged);
  BOOST_TEST(own.goes_on(R"(<tool_call>{"name": "weather", "arguments": {"city": ")"));
  BOOST_TEST(own.allows("U"));
  BOOST_TEST(own.allows("B"));
  BOOST_TEST(!own.allows("W"));
  const auto other = own.reply->copy();
  BOOST_TEST(other->accept(own.token("U")));
  BOOST_TEST(own.goes_on("B")); // the copy went its own way
}

BOOST_AUTO_TEST_CASE(a_list_of_calls_ends_the_reply) {
  caller own(tool_style::listed);
  BOOST_TEST(own.goes_on(R"(Now: [TOOL_CALLS] [{"name": "weather", "arguments": {"city": "Ulm"}}])"));
  BOOST_TEST(own.reply->is_complete());
  BOOST_TEST(!own.allows("x"));
  BOOST_TEST(!own.reply->accept(own.token("x")));
}

BOOST_AUTO_TEST_CASE(where_a_call_is_the_whole_reply_its_first_character_decides) {
  caller call(tool_style::parameters);
  BOOST_TEST(call.goes_on(R"({"name": "weather", "parameters": {"city": "Bonn"}})"));
  BOOST_TEST(!call.allows("x"));
  caller talk(tool_style::parameters);
  BOOST_TEST(talk.goes_on(R"(No. {"name": 5})"));
  BOOST_TEST(talk.reply->is_complete());
  caller wrong(tool_style::parameters);
  BOOST_TEST(!wrong.goes_on("{5"));
}

BOOST_AUTO_TEST_CASE(no_token_writes_past_the_mark) {
  // A vocabulary in which one token ends a mark and goes on, and another holds all of it.
  std::vector<std::string> bytes{"<tool_", "call>", "call>{\"x", "a<tool_call>b", "a<tool_call>", ">x"};
  caller some(tool_style::tagged);
  const auto tokens = std::make_shared<const kernels::grammar::token_index>(bytes, std::nullopt);
  const call_marks marks(tool_style::tagged, some.words, tokens);
  const auto reply = marks.hold(some.forms.json_text("{}").value());
  std::vector<std::uint64_t> bits(1);
  reply->allow(bits);
  BOOST_TEST(bits[0] == 0b110111u); // the beginning, what is no end yet, and a whole mark
  BOOST_TEST(!reply->accept(3));
  BOOST_TEST(reply->accept(0));
  reply->allow(bits);
  BOOST_TEST(bits[0] == 0b110011u);
  BOOST_TEST(!reply->accept(2));
  BOOST_TEST(reply->accept(1));
  BOOST_TEST(!reply->is_complete());
}

BOOST_AUTO_TEST_CASE(a_model_that_cannot_call_has_no_marks) {
  const auto words = kernels::open_tokenizer(testing::tiny_model()).value();
  form_cache forms(words);
  const call_marks marks(tool_style::none, words, forms.tokens());
  BOOST_TEST(!marks.hold(forms.json_text("{}").value()));
}

BOOST_AUTO_TEST_SUITE_END()
