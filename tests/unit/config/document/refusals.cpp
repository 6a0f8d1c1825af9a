#include "tests/unit/config/document/reading.hpp"

namespace troupe::config {
namespace {

BOOST_AUTO_TEST_SUITE(refusals)

BOOST_AUTO_TEST_CASE(a_duplicate_key_is_shown_with_both_places) {
  const diagnostics found = refuse("a: 1\nb: 2\na: 3\n");
  BOOST_TEST(first(found) == "TC0102 3:1");
  BOOST_TEST(show(found.items()[0].notes[0].where) == "1:1-1:2");
}

BOOST_AUTO_TEST_CASE(every_duplicate_key_is_found) {
  const diagnostics found = refuse("a: 1\na: 2\na: 3\nc: {d: 1, d: 2}\n");
  BOOST_TEST(found.errors() == 3U);
}

BOOST_AUTO_TEST_CASE(keys_written_differently_and_equal_are_duplicates) {
  BOOST_TEST(first(refuse("{a: 1, \"a\": 2}")) == "TC0102 1:8");
  BOOST_TEST(first(refuse("{\"\": 1, \"\": 2}")) == "TC0102 1:9");
}

BOOST_AUTO_TEST_CASE(an_unknown_alias_suggests_a_near_anchor) {
  const diagnostics found = refuse("a: &base 1\nb: *bsae\n");
  BOOST_TEST(first(found) == "TC0103 2:4");
  BOOST_TEST(found.items()[0].hint == "did you mean base?");
}

BOOST_AUTO_TEST_CASE(an_alias_before_its_anchor_is_unknown) {
  BOOST_TEST(first(refuse("a: *x\nb: &x 1\n")) == "TC0103 1:4");
}

BOOST_AUTO_TEST_CASE(an_alias_inside_its_own_anchor_is_refused) {
  BOOST_TEST(first(refuse("a: &x\n  b: [*x]\n")) == "TC0104 2:7");
}

BOOST_AUTO_TEST_CASE(an_unknown_tag_is_refused) {
  BOOST_TEST(first(refuse("a: !secret x\n")) == "TC0105 1:4");
  BOOST_TEST(first(refuse("a: !thing {b: 1}\n")) == "TC0105 1:4");
}

BOOST_AUTO_TEST_CASE(a_value_must_fit_its_tag) {
  BOOST_TEST(first(refuse("a: !!int x\n")) == "TC0105 1:4");
  BOOST_TEST(first(refuse("a: !!seq {b: 1}\n")) == "TC0105 1:4");
}

BOOST_AUTO_TEST_CASE(a_list_or_map_cannot_be_a_key) {
  BOOST_TEST(first(refuse("? [a]\n: 1\n")) == "TC0106 1:3");
  BOOST_TEST(first(refuse("? {a: 1}\n: 1\n")) == "TC0106 1:3");
  BOOST_TEST(first(refuse("a: &x [1]\n*x : 2\n")) == "TC0106 2:1");
}

BOOST_AUTO_TEST_CASE(a_missing_key_is_refused) { BOOST_TEST(first(refuse("{a: 1, : 2}")) == "TC0106 1:6"); }

BOOST_AUTO_TEST_CASE(a_second_document_is_refused_where_it_begins) {
  BOOST_TEST(first(refuse("a: 1\n---\nb: 2\n")) == "TC0107 2:1");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf8_is_refused_at_the_byte) {
  BOOST_TEST(first(refuse("a: 1\nb: \xFF\n")) == "TC0100 2:4");
  BOOST_TEST(first(refuse("\xFF\xFE"
                          "a\0")) == "TC0100 1:1");
}

BOOST_AUTO_TEST_CASE(control_characters_are_refused_where_they_stand) {
  BOOST_TEST(first(refuse("a: b\x07\n")) == "TC0112 1:5");
  BOOST_TEST(first(refuse(std::string("a: \0b", 5))) == "TC0112 1:4");
}

BOOST_AUTO_TEST_CASE(a_number_past_64_bits_asks_for_quotes) {
  const diagnostics found = refuse("id: 12345678901234567890\n");
  BOOST_TEST(first(found) == "TC0113 1:5");
  BOOST_TEST(found.items()[0].hint == "quote it if it is an id and not a number");
}

BOOST_AUTO_TEST_CASE(another_yaml_version_is_refused) {
  BOOST_TEST(first(refuse("%YAML 1.1\n---\na: 1\n")) == "TC0115 2:1");
}

BOOST_AUTO_TEST_CASE(all_findings_come_at_once) {
  const diagnostics found = refuse("a: 1\na: 2\nb: *no\nc: !t 1\nd: 99999999999999999999\n");
  BOOST_TEST(found.errors() == 4U);
}

BOOST_AUTO_TEST_CASE(a_document_with_findings_is_not_returned_but_warnings_of_others_stay) {
  diagnostics found;
  diagnostic warning = make_error("other", "TC0207", "w");
  warning.level = severity::warning;
  found.add(warning);
  BOOST_TEST(parse_document(source("f", "a: 1"), found).has_value());
  BOOST_TEST(found.warnings() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(syntax_errors)

BOOST_AUTO_TEST_CASE(a_second_colon_on_a_line_asks_for_quotes) {
  const diagnostics found = refuse("a: ${{ x ? {\"b\": 1} : 2 }}\n");
  BOOST_TEST(first(found) == "TC0101 1:16");
  BOOST_TEST(found.items()[0].hint.starts_with("quote the whole value"));
}

BOOST_AUTO_TEST_CASE(a_tab_as_indentation_is_named) {
  const diagnostics found = refuse("a:\n\t- b\n");
  BOOST_TEST(first(found) == "TC0101 2:1");
  BOOST_TEST(found.items()[0].message == "a tab cannot indent");
}

BOOST_AUTO_TEST_CASE(an_open_bracket_is_shown_where_it_was_opened) {
  const diagnostics found = refuse("a: 1\nb: [1, {c: 2},\n");
  BOOST_TEST(first(found) == "TC0101 2:4");
}

BOOST_AUTO_TEST_CASE(an_open_quote_is_named) {
  BOOST_TEST(first(refuse("a: \"x\n")).starts_with("TC0101 1:"));
}

BOOST_AUTO_TEST_CASE(a_wrong_escape_is_shown) { BOOST_TEST(first(refuse("a: \"x\\qy\"\n")) == "TC0101 1:6"); }

BOOST_AUTO_TEST_CASE(half_a_surrogate_pair_is_refused) {
  BOOST_TEST(first(refuse(R"({"a": "\ud800 x"})")) == "TC0101 1:8");
}

BOOST_AUTO_TEST_CASE(a_line_that_is_neither_key_nor_value_is_shown) {
  BOOST_TEST(first(refuse("a: 1\nb\n")) == "TC0101 2:1");
}

BOOST_AUTO_TEST_CASE(text_after_the_document_is_shown) {
  BOOST_TEST(first(refuse("{\"a\":1} x")) == "TC0101 1:9");
}

BOOST_AUTO_TEST_CASE(places_behind_characters_of_several_bytes_are_right) {
  BOOST_TEST(first(refuse("é: \"ü\\q\"\n")) == "TC0101 1:6");
}

BOOST_AUTO_TEST_CASE(places_behind_a_byte_order_mark_are_right) {
  BOOST_TEST(first(refuse("\xEF\xBB\xBF"
                          "a: \"\\q\"\n")) == "TC0101 1:5");
}

BOOST_AUTO_TEST_CASE(a_block_that_the_library_loses_parts_of_is_refused) {
  // The text is indented no deeper than its list: an error in YAML that libfyaml 0.7.12 takes, and half
  // forgets.
  BOOST_TEST(first(refuse(" - |\n $\n   \n    d\n")) == "TC0101 2:2");
}

BOOST_AUTO_TEST_CASE(an_empty_item_below_its_key_is_explained) {
  // Valid YAML that libfyaml 0.7.12 does not take: the finding must help all the same.
  const diagnostics found = refuse("a:\n- x\n-\n- y\n");
  BOOST_TEST(found.items()[0].hint == "an empty list item is written - null");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
