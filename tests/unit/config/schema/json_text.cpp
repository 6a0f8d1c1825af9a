#include "config/schema/json_text.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe::config;

BOOST_AUTO_TEST_SUITE(json_texts)

BOOST_AUTO_TEST_CASE(brackets_in_strings_do_not_nest) {
  BOOST_TEST(nests_within(R"(["[[[[\"[[[["])", 1));
  BOOST_TEST(!nests_within("[[1]]", 1));
}

BOOST_AUTO_TEST_CASE(a_parse_error_says_where_without_the_library_s_prefix) {
  const auto value = parse_json("{\"a\" 1}", 100, "the reply");
  BOOST_TEST(value.error().message.find("the reply is not JSON: parse error at line 1, column 6") == 0U);
}

BOOST_AUTO_TEST_CASE(numbers_no_double_holds_are_errors) {
  BOOST_TEST(!parse_json("1e999", 100, "it").has_value());
}

BOOST_AUTO_TEST_CASE(a_text_is_cut_between_characters) { BOOST_TEST(shorten("aäb", 2) == "a…"); }

BOOST_AUTO_TEST_CASE(a_shortened_text_is_valid_utf8_on_one_line) {
  BOOST_TEST(shorten("a\nb\xC0\xAF\xED\xA0\x80 \xF0\x9F\x8E\xAD", 100) == "a b????? 🎭");
}

BOOST_AUTO_TEST_CASE(broken_utf8_is_dumped_with_replacements) {
  BOOST_TEST(dump_json(json("a\xFF")) == "\"a\xEF\xBF\xBD\"");
}

BOOST_AUTO_TEST_SUITE_END()
