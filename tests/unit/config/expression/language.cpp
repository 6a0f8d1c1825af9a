#include "tests/unit/config/expression/evaluating.hpp"

#include "config/limits.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::test;
using expression::code;
using nlohmann::json;

namespace {

const json lead = {{"input", {{"lead", {{"email", "a@b.c"}, {"seats", 80}, {"tags", {"hot", "eu"}}}}}},
                   {"steps", {{"qualify", {{"score", 88}, {"note", nullptr}}}}}};

const json absent = {{"error", "no_key"}};

} // namespace

BOOST_TEST_DONT_PRINT_LOG_VALUE(code)

BOOST_AUTO_TEST_SUITE(expression_language)

BOOST_AUTO_TEST_CASE(fields_indexes_and_names_in_brackets_read_the_same) {
  BOOST_TEST(json_of("steps.qualify.score", lead) == 88);
  BOOST_TEST(json_of("steps['qualify'][\"score\"]", lead) == 88);
  BOOST_TEST(json_of("steps.`qualify`.score", lead) == 88);
  BOOST_TEST(json_of("input.lead.tags[1]", lead) == "eu");
}

BOOST_AUTO_TEST_CASE(what_is_absent_null_or_has_not_run_is_replaced) {
  BOOST_TEST(json_of("steps.qualify.score ?? 0", lead) == 88);
  BOOST_TEST(json_of("steps.qualify.missing ?? 0", lead) == 0);
  BOOST_TEST(json_of("steps.qualify.note ?? 'none'", lead) == "none");
  BOOST_TEST(json_of("steps.ok.edited.body ?? 'draft'", lead) == "draft");
  BOOST_TEST(json_of("steps.qualify.note.deeper ?? 'draft'", lead) == "draft");
  BOOST_TEST(json_of("input.lead.tags[7] ?? 'cold'", lead) == "cold");
  BOOST_TEST(json_of("nobody ?? 1", lead) == 1);
  BOOST_TEST(json_of("nobody ?? steps.qualify.missing ?? 3", lead) == 3);
  BOOST_TEST(json_of("null ?? null", lead) == nullptr);
}

BOOST_AUTO_TEST_CASE(other_failures_are_not_replaced) {
  BOOST_TEST(json_of("1 / 0 ?? 1") == json({{"error", "syntax"}}));
  BOOST_TEST(json_of("(1 / 0) ?? 1") == json({{"error", "division_by_zero"}}));
  BOOST_TEST(json_of("input.lead.email.domain ?? 1", lead) == json({{"error", "no_overload"}}));
}

BOOST_AUTO_TEST_CASE(the_right_side_of_a_replacement_may_fail_itself) {
  BOOST_TEST(json_of("nobody ?? steps.missing", lead) == absent);
}

BOOST_AUTO_TEST_CASE(a_replacement_stands_in_brackets_beside_operators) {
  BOOST_TEST(json_of("(steps.none ?? 1) + 1", lead) == 2);
  BOOST_TEST(json_of("nobody ?? (1 + 1)") == 2);
  BOOST_TEST(json_of("nobody ?? true ? 'yes' : 'no'") == "yes");
  for (const auto* text :
       {"a ?? b == c", "a == b ?? c", "a ?? 1 + 1", "a && b ?? c", "a ?? b || c", "a ?? b in c"})
    BOOST_TEST(problem_of(text).hint == "put (…) around what belongs together", text);
}

BOOST_AUTO_TEST_CASE(sides_that_decide_outweigh_sides_that_fail) {
  BOOST_TEST(json_of("1 / 0 > 0 || true") == true);
  BOOST_TEST(json_of("false && 1 / 0 > 0") == false);
  BOOST_TEST(json_of("1 / 0 > 0 && false") == false);
  BOOST_TEST(json_of("1 / 0 > 0 || false") == json({{"error", "division_by_zero"}}));
  BOOST_TEST(json_of("1 && true") == json({{"error", "no_overload"}}));
}

BOOST_AUTO_TEST_CASE(macros_decide_in_spite_of_elements_that_fail) {
  BOOST_TEST(json_of("[1, 0].exists(x, 1 / x == 1)") == true);
  BOOST_TEST(json_of("[0, 2].all(x, 1 / x > 5)") == false);
  BOOST_TEST(json_of("[0, 1].all(x, 1 / x == 1)") == json({{"error", "division_by_zero"}}));
  BOOST_TEST(json_of("[0, 1].exists_one(x, 1 / x == 1)") == json({{"error", "division_by_zero"}}));
}

BOOST_AUTO_TEST_CASE(macros_build_lists) {
  BOOST_TEST(json_of("[1, 2, 3].map(x, x * x)") == json({1, 4, 9}));
  BOOST_TEST(json_of("[1, 2, 3].map(x, x > 1, x * x)") == json({4, 9}));
  BOOST_TEST(json_of("[1, 2, 3].filter(x, x % 2 == 1)") == json({1, 3}));
  BOOST_TEST(json_of("{'b': 1, 'a': 2}.map(k, k)") == json({"a", "b"}));
}

BOOST_AUTO_TEST_CASE(a_variable_of_a_macro_hides_others_of_its_name_inside) {
  BOOST_TEST(json_of("[1, 2].map(x, [10].map(x, x)[0] + x)", {{"x", 5}}) == json({11, 12}));
  BOOST_TEST(json_of("[1].map(x, .x) + [x]", {{"x", 5}}) == json({5, 5}));
}

BOOST_AUTO_TEST_CASE(signs_belong_to_the_numbers_after_them) {
  BOOST_TEST(json_of("-9223372036854775808") == INT64_MIN);
  BOOST_TEST(json_of("--9223372036854775808") == json({{"error", "overflow"}}));
  BOOST_TEST(json_of("9223372036854775808") == json({{"error", "range"}}));
  BOOST_TEST(json_of("-2 - -3") == 1);
  BOOST_TEST(json_of("-9223372036854775808 / -1") == json({{"error", "overflow"}}));
  BOOST_TEST(json_of("-9223372036854775808 % -1") == json({{"error", "overflow"}}));
  BOOST_TEST(json_of("-1u") == json({{"error", "no_overload"}}));
}

BOOST_AUTO_TEST_CASE(operators_bind_as_in_c) {
  BOOST_TEST(json_of("2 + 3 * 4 - 5 % 3") == 12);
  BOOST_TEST(json_of("10 - 3 - 2") == 5);
  BOOST_TEST(json_of("1 + 1 == 2 && 3 > 2 || false") == true);
  BOOST_TEST(json_of("!true || true") == true);
  BOOST_TEST(json_of("false ? 1 : true ? 2 : 3") == 2);
}

BOOST_AUTO_TEST_CASE(brackets_may_end_with_a_comma_in_lists_and_maps_alone) {
  BOOST_TEST(json_of("[1, 2,]") == json({1, 2}));
  BOOST_TEST(json_of("{'a': 1,}") == json({{"a", 1}}));
  BOOST_TEST(json_of("size([1],)") == json({{"error", "syntax"}}));
}

BOOST_AUTO_TEST_CASE(raw_strings_take_backslashes_as_they_are) {
  BOOST_TEST(json_of(R"(r'\d+\')") == "\\d+\\");
  BOOST_TEST(json_of("r'''a'b'''") == "a'b");
}

BOOST_AUTO_TEST_CASE(comments_reach_to_the_end_of_the_line) { BOOST_TEST(json_of("1 // one\n + 1") == 2); }

BOOST_AUTO_TEST_CASE(types_are_values) {
  BOOST_TEST(json_of("type(1) == int && type('') == string && type(null) == null_type") == true);
  BOOST_TEST(json_of("type(timestamp(0)) == google.protobuf.Timestamp") == true);
  BOOST_TEST(json_of("int", {{"int", 3}}) == 3);
}

BOOST_AUTO_TEST_CASE(what_lies_outside_the_subset_is_refused_by_name) {
  const std::map<std::string, std::string> cases{
      {"a.b.Message{field: 1}", "messages are not part of this language: a.b.Message{…}"},
      {"google.protobuf.Int32Value", "Protobuf's types are not part of this language"},
      {"a.?b", "optional fields (.?) are not part of this language"},
      {"a[?0]", "optional items ([?…]) are not part of this language"},
      {"[?a]", "optional items are not part of this language"},
      {"{?'a': b}", "optional entries are not part of this language"},
      {"[1].exists(i, v, v > 0)", "exists takes one variable and one condition"},
      {"[1].transformList(i, v, v)", "\"transformList\" is not part of this language"},
      {"math.greatest(1, 2)", "\"greatest\" is not part of this language"},
      {"optional.none()", "\"none\" is not part of this language"},
      {"'a'.replace('a', 'b')", "\"replace\" is not part of this language"},
  };
  for (const auto& [text, message] : cases) {
    BOOST_TEST(problem_of(text).message == message);
    BOOST_TEST(problem_of(text).what == code::unsupported);
  }
}

BOOST_AUTO_TEST_CASE(mistakes_are_shown_where_they_are) {
  const auto place = [](const std::string& text) { return at(text, problem_of(text, lead).at); };
  BOOST_TEST(place("steps.qualify.scor > 1") == "scor");
  BOOST_TEST(place("1 + 2 * (3 / 0)") == "(3 / 0)");
  BOOST_TEST(place("true && nobody") == "nobody");
  BOOST_TEST(place("'a' + 1") == "'a' + 1");
  BOOST_TEST(place("'ab\\q'") == "\\q");
  BOOST_TEST(place("[1, 2][5]") == "[5]");
  BOOST_TEST(place("'x'.matches('(')") == "'('");
  BOOST_TEST(place("a b") == "b");
  BOOST_TEST(place("sized([])") == "sized");
}

BOOST_AUTO_TEST_CASE(mistakes_come_with_what_helps) {
  const auto hint = [](const std::string& text) { return problem_of(text, lead).hint; };
  BOOST_TEST(hint("steps.qualify.scor") == "did you mean score?");
  BOOST_TEST(hint("steps.check") == "it has qualify");
  BOOST_TEST(hint("sized([])") == "did you mean size?");
  BOOST_TEST(hint("a and b") == "write &&");
  BOOST_TEST(hint("a = b") == "write ==");
  BOOST_TEST(hint("'a' + 1") == "convert it: string(…)");
  BOOST_TEST(hint("1 + 1.5") == "convert one of them: double(…) or int(…)");
  BOOST_TEST(hint("'a' in 'abc'") == "text.contains(part) looks into a text");
  BOOST_TEST(hint("contains('abc', 'a')") == "write text.contains(part)");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_a_syntax_error) {
  for (const auto* text :
       {"",           " ",     "1 +",  "(1",     "1)",     "[1",        "{1}",          "{1:",
        "a.",         "a..b",  ".5.",  "'a",     "'a\nb'", "a ? b",     "a ? : b",      "if",
        "for.x",      "a.in",  "f(",   "has(a)", "has()",  "[].map(x)", "[].map(1, x)", "[].map(x.y, x)",
        "x.all(x, y", "1e",    "0xg",  "`a`",    "a.``",   "a.`b",      "\"\\ud800\"",  "b'\\u00e9'",
        "@",          "a & b", "\x80", "1 2",    "in"})
    BOOST_TEST(json_of(text) == json({{"error", "syntax"}}), text);
}

BOOST_AUTO_TEST_CASE(a_long_expression_is_refused) {
  const std::string spaces(troupe::limits::expression_bytes_max, ' ');
  BOOST_TEST(json_of("1" + spaces) == json({{"error", "limit"}}));
}

BOOST_AUTO_TEST_CASE(deep_expressions_are_refused_whatever_nests) {
  const auto repeat = [](const std::string& part, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i)
      all += part;
    return all;
  };
  constexpr std::size_t deep = troupe::limits::expression_depth_max;
  BOOST_TEST(json_of(repeat("(", deep - 1) + "1" + repeat(")", deep - 1)) == 1);
  for (const auto* part : {"(", "[", "-", "!", "{1:", "f(", "true ? 1 : ", "a[", "[1].map(x, "})
    BOOST_TEST(json_of(repeat(part, deep + 1) + "1") == json({{"error", "limit"}}), part);
  BOOST_TEST(json_of("1" + repeat("+1", deep + 1)) == json({{"error", "limit"}}));
  BOOST_TEST(json_of("a" + repeat(".b", deep + 1)) == json({{"error", "limit"}}));
}

BOOST_AUTO_TEST_CASE(an_expression_of_many_parts_is_refused) {
  std::string list = "[";
  for (std::size_t i = 0; i < troupe::limits::expression_nodes_max; ++i)
    list += "1,";
  BOOST_TEST(json_of(list + "]") == json({{"error", "limit"}}));
}

BOOST_AUTO_TEST_CASE(an_evaluation_ends_after_its_steps_whatever_stands_around) {
  const json many = {{"many", json(std::vector<int>(1'000, 1))}};
  const std::string loop = "many.all(a, many.all(b, many.all(c, true)))";
  BOOST_TEST(json_of(loop, many) == json({{"error", "limit"}}));
  BOOST_TEST(json_of(loop + " || true", many) == json({{"error", "limit"}}));
  BOOST_TEST(json_of("many.exists(x, " + loop + ")", many) == json({{"error", "limit"}}));
  BOOST_TEST(json_of(loop + " ?? true", many) == json({{"error", "limit"}}));
}

BOOST_AUTO_TEST_CASE(no_value_grows_beyond_its_limit) {
  const json big = {{"big", std::string(400'000, 'x')}, {"many", json(std::vector<int>(1'000, 1))}};
  BOOST_TEST(json_of("size(big + big)", big) == 800'000);
  for (const auto* text : {"big + big + big", "[big, big, big]", "{'a': big, 'b': big, 'c': big}",
                           "many.map(x, big)", "[big, big].join(big)", "[big] + [big] + [big]"})
    BOOST_TEST(json_of(text, big) == json({{"error", "limit"}}), text);
}

BOOST_AUTO_TEST_CASE(a_denied_variable_is_denied_whatever_stands_around) {
  struct : expression::scope {
    troupe::result<const expression::value*> find(std::string_view) const override {
      return troupe::fail(troupe::fault::refused, "secrets are read in `with` only");
    }
  } names;
  for (const auto* text :
       {"secrets.KEY", "secrets.KEY ?? ''", "has(secrets.KEY)", "secrets.KEY == '' || true"}) {
    const auto got = expression::expression::parse(text)->evaluate(names);
    BOOST_TEST(got.error().what == code::denied, text);
    BOOST_TEST(got.error().message == "secrets are read in `with` only");
  }
}

BOOST_AUTO_TEST_CASE(only_what_is_read_is_asked_for) {
  const json_scope names(lead);
  (void)expression::expression::parse("input.lead.seats > 50 || steps.qualify.score > 1")
      ->evaluate(names)
      .value();
  BOOST_TEST(names.asked.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_scope_may_find_fields_without_building_the_whole) {
  struct : expression::scope {
    expression::value score = expression::value::of(std::int64_t{7});
    troupe::result<const expression::value*> find(std::string_view) const override {
      return troupe::fail(troupe::fault::internal, "nobody asked for the whole");
    }
    std::optional<const expression::value*> find_field(std::string_view,
                                                       std::string_view field) const override {
      return field == "score" ? &score : nullptr;
    }
  } names;
  const auto run = [&](const char* text) {
    return to_json(expression::expression::parse(text)->evaluate(names).value()).value();
  };
  BOOST_TEST(run("steps.score + 1") == 8);
  BOOST_TEST(run("has(steps.score) && !has(steps.other)") == true);
  BOOST_TEST(run("steps.other ?? 1") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
