#include "config/diagnostic/source.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::config {
namespace {

std::string at(const source& in, std::size_t offset) {
  const position p = in.at(offset);
  return std::to_string(p.line) + ":" + std::to_string(p.column);
}

BOOST_AUTO_TEST_SUITE(sources)

BOOST_AUTO_TEST_CASE(the_first_byte_is_line_one_column_one) {
  const source in("f", "abc");
  BOOST_TEST(at(in, 0) == "1:1");
}

BOOST_AUTO_TEST_CASE(columns_count_characters_not_bytes) {
  const source in("f", "é€😀x");
  BOOST_TEST(at(in, 9) == "1:4");
}

BOOST_AUTO_TEST_CASE(an_offset_inside_a_character_means_that_character) {
  const source in("f", "a€b");
  BOOST_TEST(at(in, 3) == "1:2");
  BOOST_TEST(in.at(3).offset == 1U);
}

BOOST_AUTO_TEST_CASE(a_tab_is_one_column) {
  const source in("f", "\t\tx");
  BOOST_TEST(at(in, 2) == "1:3");
}

BOOST_AUTO_TEST_CASE(a_line_ends_with_lf_crlf_or_cr) {
  const source in("f", "a\nb\r\nc\rd");
  BOOST_TEST(in.lines() == 4U);
  BOOST_TEST(at(in, 2) == "2:1");
  BOOST_TEST(at(in, 5) == "3:1");
  BOOST_TEST(at(in, 7) == "4:1");
}

BOOST_AUTO_TEST_CASE(a_line_is_shown_without_its_break) {
  const source in("f", "one\r\ntwo\n");
  BOOST_TEST(in.line(1) == "one");
  BOOST_TEST(in.line(2) == "two");
  BOOST_TEST(in.line(3) == "");
  BOOST_TEST(in.line(4) == "");
  BOOST_TEST(in.line(0) == "");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_takes_no_column) {
  const source in("f", "\xEF\xBB\xBF"
                       "ab");
  BOOST_TEST(at(in, 3) == "1:1");
  BOOST_TEST(at(in, 4) == "1:2");
  BOOST_TEST(in.line(1) == "ab");
}

BOOST_AUTO_TEST_CASE(an_offset_past_the_end_is_the_end) {
  const source in("f", "ab");
  BOOST_TEST(at(in, 99) == "1:3");
  BOOST_TEST(in.at(99).offset == 2U);
}

BOOST_AUTO_TEST_CASE(an_empty_file_has_one_empty_line) {
  const source in("f", "");
  BOOST_TEST(in.lines() == 1U);
  BOOST_TEST(at(in, 0) == "1:1");
}

BOOST_AUTO_TEST_CASE(columns_far_into_one_long_line_are_exact) {
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += "é";
  const source in("f", text);
  BOOST_TEST(at(in, 2 * 9'999) == "1:10000");
}

BOOST_AUTO_TEST_CASE(a_line_and_column_lead_back_to_the_offset) {
  const source in("f", "aé\nbéc");
  BOOST_TEST(in.offset_of(2, 3) == 7U);
  BOOST_TEST(in.offset_of(1, 99) == 3U);
  BOOST_TEST(in.offset_of(9, 1) == 8U);
  BOOST_TEST(in.offset_of(0, 1) == 0U);
}

BOOST_AUTO_TEST_CASE(a_range_whose_end_is_before_its_begin_is_empty) {
  const source in("f", "abc");
  BOOST_TEST(in.between(2, 1).end.offset == 2U);
}

BOOST_AUTO_TEST_CASE(valid_utf8_has_no_invalid_byte) {
  BOOST_TEST(first_invalid_utf8("aé€😀\xF4\x8F\xBF\xBF") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(overlong_forms_surrogates_and_cut_characters_are_invalid) {
  BOOST_TEST(first_invalid_utf8("a\xC0\xAF") == 1U);
  BOOST_TEST(first_invalid_utf8("\xE0\x80\x80") == 0U);
  BOOST_TEST(first_invalid_utf8("\xED\xA0\x80") == 0U);
  BOOST_TEST(first_invalid_utf8("\xF0\x80\x80\x80") == 0U);
  BOOST_TEST(first_invalid_utf8("\xF4\x90\x80\x80") == 0U);
  BOOST_TEST(first_invalid_utf8("ab\xE2\x82") == 2U);
  BOOST_TEST(first_invalid_utf8("\x80") == 0U);
  BOOST_TEST(first_invalid_utf8("\xFF") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
