#include "kernels/chat/chat_template.hpp"
#include "kernels/chat/json.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace troupe::kernels::chat {
namespace {

namespace data = boost::unit_test::data;

std::string failure(const std::string& source, const render_limits& limits = {}) {
  const auto parsed = chat_template::parse(source);
  if (!parsed)
    return parsed.error().message;
  const auto text = parsed->render(make_mapping({}), nullptr, limits);
  BOOST_REQUIRE_MESSAGE(!text.has_value(), "rendered: " << text.value_or(""));
  return text.error().message;
}

bool says(const std::string& message, std::string_view what) {
  return message.find(what) != std::string::npos;
}

std::string repeated(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += text;
  return all;
}

const std::string endless =
    "{% for a in range(100000) %}{% for b in range(100000) %}{% set c = a + b %}{% endfor %}{% endfor %}";

BOOST_AUTO_TEST_SUITE(chat_limits)

BOOST_AUTO_TEST_CASE(steps_are_counted) {
  BOOST_TEST(says(failure(endless), "steps"));
  BOOST_TEST(says(failure("{{ range(1000)|list|length }}", {.steps = 100}), "steps"));
}

BOOST_AUTO_TEST_CASE(what_is_written_is_bounded) {
  BOOST_TEST(
      says(failure("{% for a in range(100) %}0123456789{% endfor %}", {.output_bytes = 999}), "writes more"));
}

BOOST_DATA_TEST_CASE(
    what_is_made_is_bounded,
    data::make(std::vector<std::string>{
        "{{ 'a' * 10000000000 }}", "{{ [1] * 10000000000 }}", "{{ 'a'.ljust(10000000000) }}",
        "{{ 'a'.zfill(10000000000) }}", "{{ 'a'|center(10000000000) }}", "{{ '%999999999d' % 1 }}",
        "{{ '{:999999999}'.format(1) }}", "{{ 'a'|indent(10000000000) }}",
        "{{ [1]|batch(10000000000, 0)|list }}", "{{ [1]|slice(10000000000)|list }}",
        "{% set n = namespace(s='ab') %}{% for i in range(100) %}{% set n.s = n.s * 2 %}{% endfor %}",
        "{{ '\t'.expandtabs(10000000000) }}", "{{ range(100001) }}"})) {
  BOOST_TEST(!failure(sample).empty());
}

const std::vector<std::string> nested{
    "{{ " + repeated("(", 5000) + repeated(")", 5000) + " }}",
    "{{ " + repeated("[", 5000) + repeated("]", 5000) + " }}",
    "{{ " + repeated("not ", 5000) + "1 }}",
    "{{ " + repeated("-", 5000) + "1 }}",
    "{{ 1" + repeated(" + 1", 5000) + " }}",
    "{{ a" + repeated(".a", 5000) + " }}",
    "{{ a" + repeated("|upper", 5000) + " }}",
    "{{ a" + repeated("()", 5000) + " }}",
    "{{ 1" + repeated(" if 1 else 1", 5000) + " }}",
    repeated("{% if 1 %}", 5000),
    repeated("{% for a in [1] %}", 5000),
    "{% set " + repeated("(", 5000) + repeated(")", 5000) + " %}",
};

BOOST_DATA_TEST_CASE(what_nests_is_bounded, data::make(nested)) {
  BOOST_TEST(says(failure(sample), "nested too deeply"));
}

BOOST_DATA_TEST_CASE(
    what_recurses_is_bounded,
    data::make(std::vector<std::string>{
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(a) %}{% if a %}{{ m([a]|map('first')|list) }}{% endif %}{% endmacro %}{{ m([1]) }}",
        "{% for a in [1] recursive %}{{ loop([1]) }}{% endfor %}"})) {
  BOOST_TEST(says(failure(sample), "recurses too deeply"));
}

// Destroying and showing values is recursion, too.
BOOST_DATA_TEST_CASE(
    values_within_values_are_bounded,
    data::make(std::vector<std::string>{
        "{% set n = namespace(x=1) %}{% for i in range(100000) %}{% set n.x = [n.x] %}{% endfor %}",
        "{% set n = namespace(x=1) %}{% for i in range(100000) %}{% set n.x = {'a': n.x} %}{% endfor %}",
        "{% set n = namespace(x=[1]) %}{% for i in range(100000) %}{% set n.x = n.x|map('string') %}{% "
        "endfor %}",
        "{% set n = namespace(x=1) %}{% for i in range(100000) %}{% set n.x = cycler(n.x) %}{% endfor %}",
        "{% set n = namespace() %}{% set n.self = n %}{{ n }}"})) {
  BOOST_TEST(says(failure(sample), "nested too deeply"));
}

BOOST_AUTO_TEST_CASE(long_chains_of_objects_end_quietly) {
  const auto chain = chat_template::parse(
      "{% set n = namespace(x=0) %}{% for i in range(20000) %}{% set n.x = namespace(x=n.x) %}{% endfor %}"
      "{% for i in range(2000) %}{% for j in [1] %}{{ '' if loop.changed(n.x) }}{% set n.x = loop %}{% "
      "endfor %}"
      "{% endfor %}ok");
  BOOST_TEST(chain.value().render(make_mapping({})).value() == "ok");
}

BOOST_AUTO_TEST_CASE(errors_name_their_line) {
  BOOST_TEST(says(failure("a\n\n{{ 1 + }}"), "line 3"));
  BOOST_TEST(says(failure("a\n{{ 1 + none }}"), "line 2"));
  BOOST_TEST(says(failure("{{ raise_exception('no such role') }}"), "no such role"));
  BOOST_TEST(says(failure("{{ strftime_now('%Y') }}"), "no time was given"));
}

BOOST_AUTO_TEST_CASE(sources_are_bounded_utf8) {
  BOOST_TEST(says(failure(std::string(template_bytes_max + 1, 'a')), "bytes"));
  BOOST_TEST(says(failure("a\x80"), "UTF-8 at byte 2"));
}

BOOST_AUTO_TEST_CASE(variables_are_a_mapping) {
  BOOST_TEST(!chat_template::parse("a").value().render(value(1)).has_value());
}

BOOST_AUTO_TEST_CASE(json_keeps_order_and_large_integers) {
  const auto parsed = read_json(R"({"b":1,"a":[12345678901234567890123,1.0,1e2],"b":2})");
  BOOST_REQUIRE(parsed.has_value());
  const auto text = chat_template::parse("{{ v|tojson }} {{ v.a[0] }}").value();
  mapping variables;
  variables.set("v", *parsed);
  BOOST_TEST(text.render(make_mapping(variables)).value() ==
             R"({"b": 2, "a": [12345678901234567890123, 1.0, 100.0]} 12345678901234567890123)");
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused) {
  BOOST_TEST(says(read_json("{\"a\": }").error().message, "at byte"));
  BOOST_TEST(says(read_json(repeated("[", 100'000)).error().message, "nested"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::kernels::chat
