#include "tests/unit/kernels/grammar/grammar_texts.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::grammar;
using namespace troupe::kernels::grammar::testing;
using schema_grammar = troupe::kernels::grammar::grammar;

const auto answer =
    R"({"type": "object", "properties": {"answer": {"enum": ["yes", "no"]}}, "required": ["answer"], "additionalProperties": false})";

/// Bytes as tokens, so that what is forced can be read.
std::vector<token_id> bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string text_of(const std::vector<token_id>& ids) {
  std::string text;
  for (const auto id : ids)
    text += static_cast<char>(id);
  return text;
}

std::shared_ptr<schema_grammar> compact(std::string_view schema) {
  grammar_options how;
  how.white_space = 0;
  how.exponents = false;
  how.needless_escapes = false;
  return *schema_grammar::of_schema(schema, single_bytes(), how);
}

} // namespace

BOOST_AUTO_TEST_SUITE(grammar_constraints)

BOOST_AUTO_TEST_CASE(what_must_come_is_forced_but_for_its_last_token) {
  const auto text = schema_grammar::begin(compact(answer), bytes_of);
  BOOST_TEST(text_of(text->forced()) ==
             R"({"answer":)"); // the quote behind it could be part of a longer token
  for (const char c : std::string(R"({"answer":"y)"))
    BOOST_TEST(text->accept(c));
  BOOST_TEST(text_of(text->forced()) == R"(es")");
}

BOOST_AUTO_TEST_CASE(what_need_not_be_escaped_is_not_where_that_is_asked) {
  const auto made = compact(R"({"type": "string"})");
  BOOST_TEST(walks(made, R"("a/é\\\"\n\u0001\u001f")"));
  BOOST_TEST(!walks(made, R"("\u0061")"));
  BOOST_TEST(!walks(made, R"("\u000a")"));
  BOOST_TEST(!walks(made, R"("\u001F")"));
  BOOST_TEST(!walks(made, R"("\/")"));
}

BOOST_AUTO_TEST_CASE(where_white_space_may_come_nothing_is_forced) {
  BOOST_TEST(schema_grammar::begin(compiled(answer), bytes_of)->forced().empty());
}

BOOST_AUTO_TEST_CASE(a_token_that_is_not_allowed_changes_nothing) {
  const auto text = schema_grammar::begin(compiled(answer));
  BOOST_TEST(!text->accept('['));
  BOOST_TEST(!text->accept(256));
  BOOST_TEST(!text->accept(9'999));
  BOOST_TEST(text->accept('{'));
}

BOOST_AUTO_TEST_CASE(the_end_is_allowed_exactly_where_the_text_is_complete) {
  const auto text = schema_grammar::begin(compiled(R"({"type": "integer"})"));
  BOOST_TEST(!has(allowed(*text, 257), 256));
  BOOST_TEST(text->accept('-'));
  BOOST_TEST(!text->is_complete());
  BOOST_TEST(text->accept('4'));
  BOOST_TEST(has(allowed(*text, 257), 256));
  BOOST_TEST(text->is_complete());
}

BOOST_AUTO_TEST_CASE(a_copy_goes_its_own_way) {
  const auto text = schema_grammar::begin(compiled("{}"));
  BOOST_TEST(text->accept('['));
  const auto other = text->copy();
  BOOST_TEST(other->accept(']'));
  BOOST_TEST(other->is_complete());
  BOOST_TEST(!text->is_complete());
}

BOOST_AUTO_TEST_CASE(white_space_can_be_limited) {
  grammar_options how;
  how.white_space = 1;
  const auto made = *schema_grammar::of_schema("{}", single_bytes(), how);
  BOOST_TEST(walks(made, "[ 1, 2 ]"));
  BOOST_TEST(!walks(made, "[  1]"));
}

BOOST_AUTO_TEST_CASE(a_pattern_alone_is_a_grammar_too) {
  const auto made = *schema_grammar::of_pattern("[A-Z]é{2}|\"", single_bytes());
  BOOST_TEST(walks(made, "Qéé"));
  BOOST_TEST(walks(made, "\""));
  BOOST_TEST(!walks(made, "Qé"));
  BOOST_TEST(!schema_grammar::of_pattern("a$b", single_bytes()).has_value());
}

BOOST_AUTO_TEST_CASE(masks_of_more_words_than_tokens_end_in_zeros) {
  std::vector<std::uint64_t> bits(8, ~std::uint64_t{0});
  schema_grammar::begin(compiled("{}"))->allow(bits);
  BOOST_TEST(bits[5] == 0U);
  BOOST_TEST(bits[7] == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
