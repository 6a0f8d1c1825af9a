#include "config/document/scalar.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace troupe::config {
namespace {

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(scalars)

BOOST_DATA_TEST_CASE(null_has_five_spellings,
                     data::make(std::vector<std::string>{"", "~", "null", "Null", "NULL"})) {
  BOOST_TEST(std::holds_alternative<std::monostate>(resolve_plain(sample)));
}

BOOST_DATA_TEST_CASE(true_has_three_spellings, data::make(std::vector<std::string>{"true", "True", "TRUE"})) {
  BOOST_TEST(std::get<bool>(resolve_plain(sample)));
}

BOOST_DATA_TEST_CASE(false_has_three_spellings,
                     data::make(std::vector<std::string>{"false", "False", "FALSE"})) {
  BOOST_TEST(!std::get<bool>(resolve_plain(sample)));
}

BOOST_AUTO_TEST_CASE(integers_are_decimal_octal_or_hexadecimal) {
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("0")) == 0);
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("007")) == 7);
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("-12")) == -12);
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("+12")) == 12);
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("0o17")) == 15);
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("0xFf")) == 255);
}

BOOST_AUTO_TEST_CASE(integers_reach_to_both_ends_of_64_bits) {
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("9223372036854775807")) ==
             std::numeric_limits<std::int64_t>::max());
  BOOST_TEST(std::get<std::int64_t>(resolve_plain("-9223372036854775808")) ==
             std::numeric_limits<std::int64_t>::min());
}

BOOST_DATA_TEST_CASE(numbers_past_64_bits_are_refused,
                     data::make(std::vector<std::string>{"9223372036854775808", "-9223372036854775809",
                                                         "0x8000000000000000", "1e400", "-1e400"})) {
  BOOST_TEST(std::holds_alternative<number_too_large>(resolve_plain(sample)));
}

BOOST_AUTO_TEST_CASE(reals_have_a_point_or_an_exponent) {
  BOOST_TEST(std::get<double>(resolve_plain("1.5")) == 1.5);
  BOOST_TEST(std::get<double>(resolve_plain(".5")) == 0.5);
  BOOST_TEST(std::get<double>(resolve_plain("1.")) == 1.0);
  BOOST_TEST(std::get<double>(resolve_plain("+1e3")) == 1000.0);
  BOOST_TEST(std::get<double>(resolve_plain("-2.5E-1")) == -0.25);
  BOOST_TEST(std::get<double>(resolve_plain("0e0")) == 0.0);
}

BOOST_AUTO_TEST_CASE(infinity_and_not_a_number_start_with_a_point) {
  BOOST_TEST(std::get<double>(resolve_plain(".inf")) == std::numeric_limits<double>::infinity());
  BOOST_TEST(std::get<double>(resolve_plain("+.Inf")) == std::numeric_limits<double>::infinity());
  BOOST_TEST(std::get<double>(resolve_plain("-.INF")) == -std::numeric_limits<double>::infinity());
  BOOST_TEST(std::isnan(std::get<double>(resolve_plain(".nan"))));
}

BOOST_DATA_TEST_CASE(what_yaml_1_1_took_for_more_is_text,
                     data::make(std::vector<std::string>{
                         "yes",   "no",    "on",       "off",        "y",     "n",    "tRUE", "nUll",
                         "1_000", "0b11",  "12:30:00", "2026-11-20", "1.2.3", ".",    "-",    "+",
                         "e3",    "1e",    "1e+",      "0x",         "0o8",   "-0x1", ".e3",  "inf",
                         "nan",   "-.nan", "0x1g",     "1 2",        "30s"})) {
  BOOST_TEST(std::get<std::string_view>(resolve_plain(sample)) == sample);
}

BOOST_AUTO_TEST_CASE(kinds_have_names_for_sentences) {
  BOOST_TEST(with_article(node_kind::null) == "null");
  BOOST_TEST(with_article(node_kind::boolean) == "a boolean");
  BOOST_TEST(with_article(node_kind::integer) == "an integer");
  BOOST_TEST(with_article(node_kind::real) == "a real number");
  BOOST_TEST(with_article(node_kind::text) == "text");
  BOOST_TEST(with_article(node_kind::list) == "a list");
  BOOST_TEST(with_article(node_kind::map) == "a map");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
