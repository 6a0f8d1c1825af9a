#include "runtime/base/text.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;

BOOST_AUTO_TEST_SUITE(base_text)

BOOST_AUTO_TEST_CASE(utf8_is_known_from_what_is_none) {
  BOOST_TEST(is_utf8(""));
  BOOST_TEST(is_utf8("plain, \xc3\xa9, \xe2\x82\xac, \xf0\x9f\x98\x80"));
  BOOST_TEST(!is_utf8("\xff"));
  BOOST_TEST(!is_utf8("cut \xe2\x82"));
  BOOST_TEST(!is_utf8("overlong \xc0\xaf"));
  BOOST_TEST(!is_utf8("surrogate \xed\xa0\x80"));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_utf8_are_replaced_one_by_one) {
  BOOST_TEST(as_utf8("a\xff"
                     "b\xfe") == "a\xEF\xBF\xBD"
                                 "b\xEF\xBF\xBD");
  BOOST_TEST(as_utf8("fine") == "fine");
  BOOST_TEST(is_utf8(as_utf8("cut \xe2\x82")));
}

BOOST_AUTO_TEST_CASE(a_number_is_read_as_the_parser_reads_it) {
  BOOST_TEST((read_json("0") == json::parse("0") && read_json("0").is_number_unsigned()));
  BOOST_TEST(read_json("123456789012345678") == json::parse("123456789012345678"));
  BOOST_TEST(read_json("18446744073709551615") == json::parse("18446744073709551615"));
  BOOST_TEST(read_json("-7") == json::parse("-7"));
  BOOST_TEST(read_json("1.5") == json::parse("1.5"));
  BOOST_TEST(read_json("007").is_discarded());
  BOOST_TEST(read_json("7x").is_discarded());
}

BOOST_AUTO_TEST_CASE(json_is_read) { BOOST_TEST(read_json(R"({"a": [1, "}"]})")["a"][1] == "}"); }

BOOST_AUTO_TEST_CASE(what_is_no_json_is_discarded) {
  BOOST_TEST(read_json("").is_discarded());
  BOOST_TEST(read_json("{\"cut").is_discarded());
  BOOST_TEST(read_json("1 2").is_discarded());
}

BOOST_AUTO_TEST_CASE(json_nests_128_deep_and_no_deeper) {
  BOOST_TEST(!read_json(std::string(128, '[') + std::string(128, ']')).is_discarded());
  BOOST_TEST(read_json(std::string(129, '[') + std::string(129, ']')).is_discarded());
  BOOST_TEST(read_json(std::string(500'000, '[') + std::string(500'000, ']')).is_discarded());
}

BOOST_AUTO_TEST_CASE(brackets_in_strings_do_not_nest) {
  const auto text = "[\"" + std::string(1'000, '[') + "\\\"" + std::string(1'000, '{') + "\"]";
  BOOST_TEST(!read_json(text).is_discarded());
}

BOOST_AUTO_TEST_CASE(brackets_side_by_side_do_not_nest) {
  std::string text = "[[]";
  for (int i = 0; i < 1'000; ++i)
    text += ",[]";
  BOOST_TEST(read_json(text + "]").size() == 1'001u);
}

BOOST_AUTO_TEST_SUITE_END()
