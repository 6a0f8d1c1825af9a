#include "config/expression/template_text.hpp"

#include "tests/unit/config/expression/evaluating.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::test;
using expression::code;
using expression::template_text;
using nlohmann::json;

namespace {

const json names = {
    {"company", "Acme"}, {"seats", 80}, {"none", nullptr}, {"tags", {"a", "b"}}, {"price", 2.0}};

json filled(const std::string& text) {
  const auto read = template_text::parse(text);
  if (!read)
    return {{"error", read.error().message}, {"at", at(text, read.error().at)}};
  const auto made = read->evaluate(json_scope(names));
  if (!made)
    return {{"error", made.error().message}, {"at", at(text, made.error().at)}};
  return expression::to_json(*made).value();
}

json failure(const std::string& message, const std::string& place) {
  return {{"error", message}, {"at", place}};
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(code)

BOOST_AUTO_TEST_SUITE(expression_templates)

BOOST_AUTO_TEST_CASE(plain_text_stays_as_it_is) {
  BOOST_TEST(filled("") == "");
  BOOST_TEST(filled("a $ {b} }} $x {{ y }}") == "a $ {b} }} $x {{ y }}");
  BOOST_TEST(template_text::parse("x")->is_literal());
  BOOST_TEST(template_text::parse("x")->literal() == "x");
}

BOOST_AUTO_TEST_CASE(one_expression_keeps_its_type) {
  BOOST_TEST(filled("${{ seats }}") == 80);
  BOOST_TEST(filled("${{tags}}") == json({"a", "b"}));
  BOOST_TEST(filled("${{ none }}") == nullptr);
  BOOST_TEST(filled("${{ seats > 50 }}\n") == true); // as a block scalar has it
}

BOOST_AUTO_TEST_CASE(expressions_in_text_are_filled_in) {
  BOOST_TEST(filled("Send to ${{ company }}?") == "Send to Acme?");
  BOOST_TEST(filled(" ${{ seats }}") == " 80");
  BOOST_TEST(filled("${{ seats }}${{ seats }}") == "8080");
  BOOST_TEST(filled("$${{ price }}: ${{ tags }}") == "$2: [\"a\",\"b\"]");
  BOOST_TEST(filled("${{ seats > 1 }} ${{ duration('1m') }} ${{ b'x' }}") == "true 60s x");
}

BOOST_AUTO_TEST_CASE(braces_and_strings_inside_do_not_end_an_expression) {
  BOOST_TEST(filled("${{ {'a': {'b': 1}} }}") == json({{"a", {{"b", 1}}}}));
  BOOST_TEST(filled("${{{'a': {'b': 1}}}}") == json({{"a", {{"b", 1}}}}));
  BOOST_TEST(filled("${{ '}}' + \"${{\" }}!") == "}}${{!");
  BOOST_TEST(filled("${{ '''it's }}''' }}") == "it's }}");
}

BOOST_AUTO_TEST_CASE(an_expression_without_its_end_is_refused) {
  BOOST_TEST(filled("a ${{ company") == failure("a ${{ has no }}", "${{"));
  BOOST_TEST(filled("a ${{ company }") == failure("a } stands alone in an expression", "}"));
  BOOST_TEST(filled("a ${{ {'b': 1 }}") == failure("a } stands alone in an expression", "}"));
  BOOST_TEST(filled("a ${{ 'b }}") == failure("a string has no end", "'b }}"));
}

BOOST_AUTO_TEST_CASE(nothing_between_the_braces_is_refused) {
  BOOST_TEST(filled("a ${{ }}") == failure("nothing stands between ${{ and }}", "${{ }}"));
  BOOST_TEST(filled("a ${{}}") == failure("nothing stands between ${{ and }}", "${{}}"));
}

BOOST_AUTO_TEST_CASE(places_count_from_the_start_of_the_string) {
  BOOST_TEST(filled("Hello ${{ compny }}") == failure("there is no variable \"compny\"", "compny"));
  BOOST_TEST(filled("Hello ${{ 1 + }}") == failure("the expression ends where a value is missing", ""));
  BOOST_TEST(filled("Hello ${{ company }} ${{ seats / 0 }}") == failure("a division by zero", "seats / 0"));
}

BOOST_AUTO_TEST_CASE(null_has_no_text) {
  BOOST_TEST(filled("Hello ${{ none }}") == failure("the value is null and has no text", "${{ none }}"));
  BOOST_TEST(filled("Hello ${{ none ?? '' }}") == "Hello ");
}

BOOST_AUTO_TEST_CASE(a_text_does_not_grow_beyond_its_limit) {
  const json big = {{"big", std::string(400'000, 'x')}};
  const auto read = template_text::parse("${{ big }} ${{ big }} ${{ big }}").value();
  BOOST_TEST(read.evaluate(json_scope(big)).error().what == code::limit);
}

BOOST_AUTO_TEST_CASE(types_are_checked_within_their_places) {
  const std::string text = "${{ seats }} ${{ sets }} ${{ null }}";
  const auto found = template_text::parse(text)->check(json_types(names));
  BOOST_REQUIRE(found.problems.size() == 2u);
  BOOST_TEST(at(text, found.problems[0].at) == "sets");
  BOOST_TEST(at(text, found.problems[1].at) == "${{ null }}");
  BOOST_TEST(found.result.name() == "string");
  BOOST_TEST(template_text::parse("${{ 1 }}")->check(json_types(names)).result.name() == "int");
}

BOOST_AUTO_TEST_CASE(references_are_found_within_their_places) {
  const std::string text = "x ${{ a.b }} y ${{ c }}";
  const auto found = template_text::parse(text)->references();
  BOOST_REQUIRE(found.size() == 2u);
  BOOST_TEST(at(text, found[0].at) == "a.b");
  BOOST_TEST(at(text, found[0].parts[1]) == "b");
  BOOST_TEST(at(text, found[1].at) == "c");
}

BOOST_AUTO_TEST_SUITE_END()
