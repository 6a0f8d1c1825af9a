#include "tests/unit/config/expression/evaluating.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::test;
using nlohmann::json;

namespace {

json failure(const char* name) { return {{"error", name}}; }

} // namespace

BOOST_AUTO_TEST_SUITE(expression_functions)

BOOST_AUTO_TEST_CASE(size_counts_characters_bytes_items_and_entries) {
  BOOST_TEST(json_of("size('πέντε')") == 5);
  BOOST_TEST(json_of("b'πέντε'.size()") == 10);
  BOOST_TEST(json_of("[1, 2].size() + size({'a': 1})") == 3);
  BOOST_TEST(json_of("size(1)") == failure("no_overload"));
}

BOOST_AUTO_TEST_CASE(patterns_of_re2_are_found_anywhere) {
  BOOST_TEST(json_of("'hello'.matches('l+')") == true);
  BOOST_TEST(json_of("matches('hello', '^l')") == false);
  BOOST_TEST(json_of("'a1'.matches(p)", {{"p", "^[a-z][0-9]$"}}) == true);
  BOOST_TEST(json_of("'a'.matches('(')") == failure("bad_pattern"));
  BOOST_TEST(json_of("'a'.matches(p)", {{"p", "("}}) == failure("bad_pattern"));
  BOOST_TEST(json_of("'a'.matches('(?=a)')") == failure("bad_pattern"));
}

BOOST_AUTO_TEST_CASE(conversions_read_what_they_can) {
  BOOST_TEST(json_of("int('-7') + int(2.9) + int('+1')") == -4);
  BOOST_TEST(json_of("double('1.5') + double(2)") == 3.5);
  BOOST_TEST(json_of("uint('3') + uint(2)") == 5);
  BOOST_TEST(json_of("string(1) + string(true) + string(1.5) + string(b'x')") == "1true1.5x");
  BOOST_TEST(json_of("bytes('a') == b'a'") == true);
}

BOOST_AUTO_TEST_CASE(conversions_refuse_what_does_not_fit) {
  for (const auto* text :
       {"int(1e19)", "int(9223372036854775808u)", "int(0.0 / 0.0)", "uint(-1)", "uint(-0.5)", "uint(1e20)",
        "int('9223372036854775808')", "timestamp(253402300800)", "timestamp(-62135596801)"})
    BOOST_TEST(json_of(text) == failure("range"), text);
  for (const auto* text :
       {"int('')", "int('1.5')", "int(' 1')", "int('+-1')", "double('x')", "double('1.5 ')", "uint('-1')",
        "bool('yes')", "string(b'\\xff')", "timestamp('today')", "duration('soon')"})
    BOOST_TEST(json_of(text) == failure("conversion"), text);
  BOOST_TEST(json_of("int([])") == failure("no_overload"));
}

BOOST_AUTO_TEST_CASE(numbers_too_near_to_zero_are_zero_and_too_large_ones_refused) {
  for (const auto* text :
       {"1e-324", "0.0000000001e-320", "123e-400", "1e-99999999999999999999", "double('1e-400')"})
    BOOST_TEST(json_of(text) == 0.0, text);
  for (const auto* text : {"1e309", "0.001e400", "1e99999999999999999999", "1e9223372036854775807"})
    BOOST_TEST(json_of(text) == failure("range"), text);
  BOOST_TEST(json_of("double('1e400')") == failure("conversion"));
  BOOST_TEST(json_of("4.9e-324 > 0.0") == true);
}

BOOST_AUTO_TEST_CASE(doubles_are_written_as_people_read_them) {
  BOOST_TEST(json_of("string(1e6)") == "1000000");
  BOOST_TEST(json_of("string(0.1 + 0.2)") == "0.30000000000000004");
  BOOST_TEST(json_of("string(-4.5e-3)") == "-0.0045");
  BOOST_TEST(json_of("string(1e300)") == "1e+300");
  BOOST_TEST(json_of("string(1.0 / 0.0)") == "inf");
}

BOOST_AUTO_TEST_CASE(min_and_max_take_values_or_a_list) {
  BOOST_TEST(json_of("min(3, 1.5, 2)") == 1.5);
  BOOST_TEST(json_of("max(['b', 'c', 'a'])") == "c");
  BOOST_TEST(json_of("[duration('1h'), duration('2m')].min()") == "120s");
  BOOST_TEST(json_of("max([])") == failure("no_index"));
  BOOST_TEST(json_of("[].max() ?? 0") == 0);
  BOOST_TEST(json_of("min(1, 'a')") == failure("no_overload"));
  BOOST_TEST(json_of("min(1)") == failure("no_overload"));
  BOOST_TEST(json_of("max([[1], [2]])") == failure("no_overload"));
  BOOST_TEST(json_of("max(1.0, 0.0 / 0.0)") == failure("range"));
}

BOOST_AUTO_TEST_CASE(sums_mix_ints_and_doubles_as_json_does) {
  BOOST_TEST(json_of("sum([1, 2.5, 3])") == 6.5);
  BOOST_TEST(json_of("[1, 2].sum()") == 3);
  BOOST_TEST(json_of("sum([])") == 0);
  BOOST_TEST(json_of("sum([duration('1m'), duration('30s')])") == "90s");
  BOOST_TEST(json_of("sum([9223372036854775807, 1])") == failure("overflow"));
  BOOST_TEST(json_of("sum(['a', 'b'])") == failure("no_overload"));
  BOOST_TEST(json_of("sum([1, 'b'])") == failure("no_overload"));
}

BOOST_AUTO_TEST_CASE(lists_are_sorted_and_freed_of_repetitions) {
  BOOST_TEST(json_of("sort([3, 1.5, 2])") == json({1.5, 2, 3}));
  BOOST_TEST(json_of("['b', 'a'].sort()") == json({"a", "b"}));
  BOOST_TEST(json_of("sort([1, 'a'])") == failure("no_overload"));
  BOOST_TEST(json_of("sort([null])") == failure("no_overload"));
  BOOST_TEST(json_of("distinct([1, 2, 1.0, 'a', 'a', [1], [1]])") == json({1, 2, "a", json::array({1})}));
  BOOST_TEST(json_of("sort([]) == [] && distinct([]) == []") == true);
}

BOOST_AUTO_TEST_CASE(texts_are_joined_and_split) {
  BOOST_TEST(json_of("['a', 'b'].join(', ')") == "a, b");
  BOOST_TEST(json_of("join(['a', 'b'])") == "ab");
  BOOST_TEST(json_of("[].join('x')") == "");
  BOOST_TEST(json_of("[1].join()") == failure("no_overload"));
  BOOST_TEST(json_of("'a,b,,c'.split(',')") == json({"a", "b", "", "c"}));
  BOOST_TEST(json_of("'a,b,c'.split(',', 2)") == json({"a", "b,c"}));
  BOOST_TEST(json_of("'a,b'.split(',', 0)") == json::array());
  BOOST_TEST(json_of("'a,b'.split(',', -1)") == json({"a", "b"}));
  BOOST_TEST(json_of("'aé🐱'.split('')") == json({"a", "é", "🐱"}));
  BOOST_TEST(json_of("''.split('')") == json::array());
  BOOST_TEST(json_of("''.split(',')") == json({""}));
}

BOOST_AUTO_TEST_CASE(letters_of_every_language_change_case) {
  BOOST_TEST(json_of("'ÉMILE Straße'.lower()") == "émile straße");
  BOOST_TEST(json_of("upper('straße ǆ')") == "STRASSE Ǆ");
  BOOST_TEST(json_of("upper('ascii 1') + lower('ASCII')") == "ASCII 1ascii");
}

BOOST_AUTO_TEST_CASE(instants_have_parts_in_a_zone) {
  const std::string t = "timestamp('2009-02-13T23:31:30.123Z')";
  BOOST_TEST(json_of(t + ".getDate('Australia/Sydney')") == 14);
  BOOST_TEST(json_of(t + ".getHours('-02:30')") == 21);
  BOOST_TEST(json_of(t + ".getMinutes('05:45')") == 16);
  BOOST_TEST(json_of(t + ".getMilliseconds()") == 123);
  BOOST_TEST(json_of(t + ".getDayOfYear('UTC')") == 43);
  BOOST_TEST(json_of(t + ".getHours('Mars/Olympus')") == failure("time_zone"));
  BOOST_TEST(json_of(t + ".getHours('+25:00')") == failure("time_zone"));
}

BOOST_AUTO_TEST_CASE(without_tzdata_offsets_are_known_still) {
  const auto read = expression::expression::parse("timestamp(0).getHours('+02:00')").value();
  BOOST_TEST(read.evaluate(json_scope(json::object())).value().as_int() == 2);
  const auto named = expression::expression::parse("timestamp(0).getHours('Europe/Paris')").value();
  BOOST_TEST((named.evaluate(json_scope(json::object())).error().what == expression::code::time_zone));
}

BOOST_AUTO_TEST_CASE(durations_have_parts_but_no_zone) {
  BOOST_TEST(json_of("duration('90m').getHours()") == 1);
  BOOST_TEST(json_of("duration('90m').getMinutes()") == 90);
  BOOST_TEST(json_of("duration('1.5s').getMilliseconds()") == 500);
  BOOST_TEST(json_of("duration('1.5s').getHours('UTC')") == failure("no_overload"));
  BOOST_TEST(json_of("duration('1.5s').getDate()") == failure("no_overload"));
}

BOOST_AUTO_TEST_CASE(times_are_calculated_with) {
  BOOST_TEST(json_of("timestamp('2026-01-01T00:00:00Z') + duration('1d')") == "2026-01-02T00:00:00Z");
  BOOST_TEST(json_of("timestamp('2026-01-02T00:00:00Z') - timestamp('2026-01-01T00:00:00Z')") == "86400s");
  BOOST_TEST(json_of("duration('1h') - duration('90m')") == "-1800s");
  BOOST_TEST(json_of("duration('1h') - timestamp(0)") == failure("no_overload"));
  BOOST_TEST(json_of("timestamp(0) + timestamp(0)") == failure("no_overload"));
  BOOST_TEST(json_of("timestamp(0) * 2") == failure("no_overload"));
}

BOOST_AUTO_TEST_SUITE_END()
