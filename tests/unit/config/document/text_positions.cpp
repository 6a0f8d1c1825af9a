// Places inside a scalar's text, found back in the file: what findings about expressions are made of.
#include "tests/unit/config/document/reading.hpp"

namespace troupe::config {
namespace {

/// Where `word` in the text of key `a` stands in the file: "line:column what-is-there".
std::string find_word(const std::string& file, std::string_view word) {
  const document d = read(file);
  const node value = *d.root().find("a");
  const std::size_t begin = value.text().find(word);
  BOOST_REQUIRE(begin != std::string_view::npos);
  const range where = value.where_text(begin, begin + word.size());
  return std::to_string(where.begin.line) + ":" + std::to_string(where.begin.column) + " " +
         covered(d, where);
}

BOOST_AUTO_TEST_SUITE(text_positions)

BOOST_AUTO_TEST_CASE(in_plain_text) {
  BOOST_TEST(find_word("a: ${{ x.total }}\n", "x.total") == "1:8 x.total");
}

BOOST_AUTO_TEST_CASE(in_plain_text_over_several_lines) {
  BOOST_TEST(find_word("a: one two\n   three\n\n\n   four  five\n", "three") == "2:4 three");
  BOOST_TEST(find_word("a: one two\n   three\n\n\n   four  five\n", "five") == "5:10 five");
}

BOOST_AUTO_TEST_CASE(in_single_quotes_with_a_doubled_quote) {
  BOOST_TEST(find_word("a: 'it''s  here'\n", "here") == "1:12 here");
}

BOOST_AUTO_TEST_CASE(in_double_quotes_after_escapes) {
  BOOST_TEST(find_word("a: \"\\t\\x41\\u00e9\\U0001F600 word\"\n", "word") == "1:28 word");
  BOOST_TEST(find_word("a: \"\\ud83d\\ude00\\\"word\"\n", "word") == "1:19 word");
}

BOOST_AUTO_TEST_CASE(in_double_quotes_over_several_lines) {
  BOOST_TEST(find_word("a: \"one\n  two \\\n  three\n\n  four\"\n", "two") == "2:3 two");
  BOOST_TEST(find_word("a: \"one\n  two \\\n  three\n\n  four\"\n", "three") == "3:3 three");
  BOOST_TEST(find_word("a: \"one\n  two \\\n  three\n\n  four\"\n", "four") == "5:3 four");
}

BOOST_AUTO_TEST_CASE(in_a_literal_block) {
  BOOST_TEST(find_word("a: |\n  one\n    two\n\n  three\n", "one") == "2:3 one");
  BOOST_TEST(find_word("a: |\n  one\n    two\n\n  three\n", "two") == "3:5 two");
  BOOST_TEST(find_word("a: |\n  one\n    two\n\n  three\n", "three") == "5:3 three");
}

BOOST_AUTO_TEST_CASE(in_a_literal_block_with_windows_line_ends) {
  BOOST_TEST(find_word("a: |\r\n  one\r\n  two\r\n", "two") == "3:3 two");
}

BOOST_AUTO_TEST_CASE(in_a_literal_block_that_starts_with_empty_lines) {
  BOOST_TEST(find_word("a: |\n\n\n  one\n", "one") == "4:3 one");
}

BOOST_AUTO_TEST_CASE(in_a_folded_block) {
  BOOST_TEST(find_word("a: >\n  one\n  two\n\n  three  four\n", "one") == "2:3 one");
  BOOST_TEST(find_word("a: >\n  one\n  two\n\n  three  four\n", "two") == "3:3 two");
  BOOST_TEST(find_word("a: >\n  one\n  two\n\n  three  four\n", "four") == "5:10 four");
}

BOOST_AUTO_TEST_CASE(behind_characters_of_several_bytes) {
  BOOST_TEST(find_word("a: é€😀 word\n", "word") == "1:8 word");
}

BOOST_AUTO_TEST_CASE(behind_an_alias_the_place_is_the_anchors) {
  BOOST_TEST(find_word("b: &x the word\na: *x\n", "word") == "1:11 word");
}

BOOST_AUTO_TEST_CASE(a_place_deep_in_a_long_run_of_blanks_is_found) {
  const std::string blanks(200'000, ' ');
  BOOST_TEST(find_word("a: \"x" + blanks + "word\"", "word") == "1:200006 word");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
