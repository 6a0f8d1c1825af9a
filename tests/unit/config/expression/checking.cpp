#include "tests/unit/config/expression/evaluating.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::test;
using expression::code;
using expression::type;
using expression::type_kind;

namespace {

using types = std::map<std::string, type, std::less<>>;

types workflow() {
  const type check =
      type::object({{"quote", type_kind::number, true}, {"currency", type_kind::text, true}}, false);
  const type lead = type::object({{"email", type_kind::text, true},
                                  {"seats", type_kind::integer, false},
                                  {"tags", type::list(type_kind::text), true}},
                                 true);
  return {{"steps", type::object({{"check", check, true}}, false)},
          {"input", type::object({{"lead", lead, true}}, false)},
          {"labels", type::map(type_kind::text, type_kind::integer)},
          {"anything", type()}};
}

std::string type_of(const std::string& text) { return check(text, workflow()).result.name(); }

expression::problem only(const std::string& text) {
  const auto found = check(text, workflow()).problems;
  return found.size() == 1
             ? found[0]
             : expression::problem{code::syntax, std::to_string(found.size()) + " problems", {}, {}};
}

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(code)

BOOST_AUTO_TEST_SUITE(expression_checking)

BOOST_AUTO_TEST_CASE(types_are_found_from_the_leaves_up) {
  BOOST_TEST(type_of("steps.check.currency + '!'") == "string");
  BOOST_TEST(type_of("steps.check.quote * 2") == "int");
  BOOST_TEST(type_of("steps.check.quote > 2") == "bool");
  BOOST_TEST(type_of("input.lead.tags.map(t, size(t))") == "list(int)");
  BOOST_TEST(type_of("input.lead.tags[0]") == "string");
  BOOST_TEST(type_of("labels.x") == "int");
  BOOST_TEST(type_of("labels.map(k, k)") == "list(string)");
  BOOST_TEST(type_of("anything.at['all'][1]") == "dyn");
  BOOST_TEST(type_of("{'a': 1, 'b': 'x'}") == "{a, b, …}");
  BOOST_TEST(type_of("{1: 'a', 2: 'b'}") == "map(int, string)");
  BOOST_TEST(type_of("[1, 2.5]") == "list(number)");
  BOOST_TEST(type_of("timestamp(0) - timestamp(1)") == "duration");
  BOOST_TEST(type_of("steps.check.currency ?? 'EUR'") == "string");
  BOOST_TEST(type_of("true ? 1 : 'a'") == "dyn");
  BOOST_TEST(type_of("max(1, 2.5)") == "number");
  BOOST_TEST(type_of("'a,b'.split(',').sort()") == "list(string)");
  BOOST_TEST(type_of("sum([1, 2])") == "int");
}

BOOST_AUTO_TEST_CASE(a_field_that_does_not_exist_is_told_with_those_that_do) {
  const std::string text = "steps.check.total";
  const auto found = only(text);
  BOOST_TEST(found.what == code::no_field);
  BOOST_TEST(found.message == "\"steps.check\" has no \"total\"");
  BOOST_TEST(found.hint == "it has currency, quote");
  BOOST_TEST(at(text, found.at) == "total");
}

BOOST_AUTO_TEST_CASE(a_misspelled_name_is_told_with_the_one_that_was_meant) {
  BOOST_TEST(only("steps.check.qoute > 1").hint == "did you mean steps.check.quote?");
  BOOST_TEST(only("step.check").hint == "did you mean steps?");
  BOOST_TEST(only("steps['chek']").hint == "did you mean steps.check?");
}

BOOST_AUTO_TEST_CASE(an_unknown_field_is_a_mistake_where_absence_is_fine_too) {
  BOOST_TEST(only("has(steps.check.total)").what == code::no_field);
  BOOST_TEST(only("steps.check.total ?? 1").what == code::no_field);
}

BOOST_AUTO_TEST_CASE(open_objects_may_have_other_fields) {
  BOOST_TEST(check("input.lead.other.deep", workflow()).ok());
}

BOOST_AUTO_TEST_CASE(each_mistake_is_told_once) {
  const auto found = check("steps.chek.quote > 'a' || input.led", workflow());
  BOOST_REQUIRE(found.problems.size() == 2u);
  BOOST_TEST(found.problems[0].message == "\"steps\" has no \"chek\"");
  BOOST_TEST(found.problems[1].message == "\"input\" has no \"led\"");
}

BOOST_AUTO_TEST_CASE(operators_are_checked_against_what_they_take) {
  for (const auto* text : {"1 + 'a'",
                           "'a' - 'b'",
                           "1.5 % 2.0",
                           "[1] < [2]",
                           "1 == 'a'",
                           "steps.check.currency == 3",
                           "!1",
                           "-'a'",
                           "1 && true",
                           "true || 'x'",
                           "1 ? 2 : 3",
                           "'a' in 'abc'",
                           "1 in ['a']",
                           "[1]['a']",
                           "labels[1]",
                           "1[0]",
                           "'abc'.x",
                           "[1].x",
                           "size(1)",
                           "'a'.contains(1)",
                           "1.all(x, true)",
                           "[1].all(x, x)",
                           "[1].filter(x, 'a')",
                           "sum(['a'])",
                           "min(1, 'a')",
                           "min(1)",
                           "{1.5: 2}",
                           "-1u",
                           "timestamp(0) + timestamp(0)",
                           "duration('1s') - timestamp(0)",
                           "1 + 1u",
                           "[1].map(x, x + 'a')"})
    BOOST_TEST(only(text).what == code::no_overload, text);
}

BOOST_AUTO_TEST_CASE(what_may_hold_when_it_runs_is_no_mistake) {
  for (const auto* text : {"anything + 1",
                           "anything && true",
                           "anything == 'a'",
                           "1 < 2.5",
                           "1 == 1.0",
                           "steps.check.currency == null",
                           "steps.check.quote + 1.5",
                           "[] + [1]",
                           "1 in []",
                           "[1, 'a'][0] + 1",
                           "anything.all(x, x)",
                           "anything ? 1 : 2",
                           "!anything",
                           "-anything",
                           "anything[anything]",
                           "1u + anything",
                           "min(anything)",
                           "labels['x'] + 1",
                           "input.lead['email']",
                           "type(1) == int",
                           "{'a': 1} == {'b': 'x'}",
                           "{'a': 1}.b ?? 2",
                           "has({'a': 1}.b)",
                           "null.x ?? 1"})
    BOOST_TEST(check(text, workflow()).ok(), text);
}

BOOST_AUTO_TEST_CASE(comparisons_with_texts_come_with_the_conversion) {
  BOOST_TEST(only("steps.check.quote == '80'").hint == "convert one of them: string(…), int(…) or double(…)");
  BOOST_TEST(only("timestamp(0) < '2026-01-01'").hint == "timestamp(…) reads a text");
}

BOOST_AUTO_TEST_CASE(an_unknown_variable_is_no_mistake_in_an_open_scope) {
  struct : expression::type_scope {
    const type* find(std::string_view) const override { return nullptr; }
    std::vector<std::string_view> names() const override { return {}; }
    bool is_open() const override { return true; }
  } open;
  BOOST_TEST(expression::expression::parse("x + y.z").value().check(open).ok());
}

BOOST_AUTO_TEST_CASE(types_fit_what_they_are_part_of) {
  const type price = type::object({{"amount", type_kind::number, true}}, false);
  const type priced =
      type::object({{"amount", type_kind::integer, true}, {"note", type_kind::text, true}}, false);
  BOOST_TEST(fits(priced, price));
  BOOST_TEST(!fits(price, priced));
  BOOST_TEST(fits(priced, type_kind::map));
  BOOST_TEST(!fits(priced, type::map(type_kind::text, type_kind::text)));
  BOOST_TEST(fits(type::list(type()), type::list(type_kind::integer)));
  BOOST_TEST(!fits(type::list(type_kind::text), type::list(type_kind::integer)));
  BOOST_TEST(!fits(type_kind::null, type_kind::text));
}

BOOST_AUTO_TEST_CASE(joined_objects_keep_what_both_have) {
  const type a = type::object({{"x", type_kind::integer, true}, {"y", type_kind::text, true}}, false);
  const type b = type::object({{"x", type_kind::real, true}}, false);
  const type both = join(a, b);
  BOOST_TEST(both.find("x")->holds.name() == "number");
  BOOST_TEST(both.find("x")->required);
  BOOST_TEST(!both.find("y")->required);
}

BOOST_AUTO_TEST_CASE(references_name_what_an_expression_reads) {
  const std::string text = "steps.qualify.score > 80 && has(input.lead.email) && x[i].y == (vars.a ?? "
                           "vars.b) && [1].all(v, v > steps.n)";
  const auto found = expression::expression::parse(text).value().references();
  BOOST_REQUIRE(found.size() == 7u);
  BOOST_TEST(at(text, found[0].at) == "steps.qualify.score");
  BOOST_TEST(found[0].path == (std::vector<std::string>{"qualify", "score"}));
  BOOST_TEST(at(text, found[0].parts[1]) == "qualify");
  BOOST_TEST(found[0].needed == 2u);
  BOOST_TEST(found[1].root == "input");
}

BOOST_AUTO_TEST_CASE(references_say_how_much_must_be_there) {
  const auto needed = [](const std::string& text) {
    return expression::expression::parse(text).value().references().at(0).needed;
  };
  BOOST_TEST(needed("a.b.c") == 2u);
  BOOST_TEST(needed("has(a.b.c)") == 1u);
  BOOST_TEST(needed("a.b.c ?? 1") == 0u);
  BOOST_TEST(needed("size(a.b.c) ?? 1") == 0u);
  BOOST_TEST(needed("1 ?? a.b") == 1u);
}

BOOST_AUTO_TEST_CASE(references_end_where_an_index_is_computed) {
  const auto found = expression::expression::parse("a.b[c.d].e").value().references();
  BOOST_REQUIRE(found.size() == 2u);
  BOOST_TEST(found[0].path == std::vector<std::string>{"b"});
  BOOST_TEST(found[0].computed);
  BOOST_TEST(found[1].root == "c");
}

BOOST_AUTO_TEST_CASE(variables_of_macros_and_types_are_no_references) {
  BOOST_TEST(expression::expression::parse("[1].map(x, x.y + 1) == [] || type(1) == int")
                 .value()
                 .references()
                 .empty());
}

BOOST_AUTO_TEST_SUITE_END()
