#include "tests/unit/config/document/reading.hpp"

namespace troupe::config {
namespace {

BOOST_AUTO_TEST_SUITE(positions)

BOOST_AUTO_TEST_CASE(keys_and_values_know_where_they_stand) {
  const document d = read("a: 1\nbcd:   two words\n");
  BOOST_TEST(show(d.root().entry_at(0).key.where()) == "1:1-1:2");
  BOOST_TEST(show(d.root().entry_at(0).value.where()) == "1:4-1:5");
  BOOST_TEST(show(d.root().entry_at(1).key.where()) == "2:1-2:4");
  BOOST_TEST(show(d.root().entry_at(1).value.where()) == "2:8-2:17");
}

BOOST_AUTO_TEST_CASE(quotes_belong_to_a_scalar) {
  const document d = read("a: \"x\"\nb: 'it''s'\n\"c\": \"\"\n");
  BOOST_TEST(covered(d, d.root().find("a")->where()) == "\"x\"");
  BOOST_TEST(covered(d, d.root().find("b")->where()) == "'it''s'");
  BOOST_TEST(covered(d, d.root().find_entry("c")->key.where()) == "\"c\"");
  BOOST_TEST(covered(d, d.root().find("c")->where()) == "\"\"");
}

BOOST_AUTO_TEST_CASE(brackets_belong_to_a_list_and_braces_to_a_map) {
  const document d = read("a: [1, 2 ]\nb: { k: v }\nc: []\n");
  BOOST_TEST(covered(d, d.root().find("a")->where()) == "[1, 2 ]");
  BOOST_TEST(covered(d, d.root().find("b")->where()) == "{ k: v }");
  BOOST_TEST(covered(d, d.root().find("c")->where()) == "[]");
}

BOOST_AUTO_TEST_CASE(a_block_map_reaches_from_its_first_key_to_its_last_value) {
  const document d = read("a:\n  b: 1\n  c: 2   # two\n\n# end\nd: 3\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "2:3-3:7");
  BOOST_TEST(show(d.root().where()) == "1:1-6:5");
}

BOOST_AUTO_TEST_CASE(a_block_list_reaches_from_its_first_dash_to_its_last_item) {
  const document d = read("a:\n  - x\n  - y\n\nb: 1\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "2:3-3:6");
  BOOST_TEST(show(d.root().find("a")->item(1).where()) == "3:5-3:6");
}

BOOST_AUTO_TEST_CASE(a_list_may_stand_at_its_keys_indentation) {
  const document d = read("a:\n- x\n- y\nb: 1\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "2:1-3:4");
}

BOOST_AUTO_TEST_CASE(an_absent_value_stands_after_its_colon) {
  const document d = read("a:\nb :  # none\nc: 1\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "1:3-1:3");
  BOOST_TEST(show(d.root().find("b")->where()) == "2:4-2:4");
}

BOOST_AUTO_TEST_CASE(an_absent_value_in_braces_stands_after_its_colon_or_key) {
  const document d = read("{a, b:, \"c\": }");
  BOOST_TEST(show(d.root().find("a")->where()) == "1:3-1:3");
  BOOST_TEST(show(d.root().find("b")->where()) == "1:7-1:7");
  BOOST_TEST(show(d.root().find("c")->where()) == "1:13-1:13");
}

BOOST_AUTO_TEST_CASE(an_absent_item_stands_after_its_dash) {
  const document d = read("-\n- x\n# note\n-\n");
  BOOST_TEST(show(d.root().item(0).where()) == "1:2-1:2");
  BOOST_TEST(show(d.root().item(2).where()) == "4:2-4:2");
}

BOOST_AUTO_TEST_CASE(columns_count_characters) {
  const document d = read("ключ: [é, 😀, x]\n");
  BOOST_TEST(show(d.root().find("ключ")->where()) == "1:7-1:16");
  BOOST_TEST(show(d.root().find("ключ")->item(2).where()) == "1:14-1:15");
  BOOST_TEST(covered(d, d.root().find("ключ")->item(1).where()) == "😀");
}

BOOST_AUTO_TEST_CASE(tabs_are_one_column) {
  const document d = read("a:\t1\nb: [\t2,\t3 ]\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "1:4-1:5");
  BOOST_TEST(show(d.root().find("b")->item(1).where()) == "2:9-2:10");
}

BOOST_AUTO_TEST_CASE(windows_line_ends_count_once) {
  const document d = read("\r\na: 1\r\nb:\r\n  - x\r\n  - y z\r\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "2:4-2:5");
  BOOST_TEST(show(d.root().find("b")->where()) == "4:3-5:8");
  BOOST_TEST(show(d.root().find("b")->item(1).where()) == "5:5-5:8");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_shifts_offsets_and_not_columns) {
  const document d = read("\xEF\xBB\xBF"
                          "a: \"x\"");
  BOOST_TEST(show(d.root().find("a")->where()) == "1:4-1:7");
  BOOST_TEST(d.root().find("a")->where().begin.offset == 6U);
  BOOST_TEST(covered(d, d.root().find("a")->where()) == "\"x\"");
}

BOOST_AUTO_TEST_CASE(json_on_one_long_line_has_exact_columns) {
  std::string text = "[0";
  for (int i = 0; i < 5'000; ++i)
    text += ",\"é\"";
  const document d = read(text + ",1]");
  BOOST_TEST(show(d.root().item(5'001).where()) == "1:20004-1:20005");
}

BOOST_AUTO_TEST_CASE(a_plain_scalar_may_run_over_lines) {
  const document d = read("a: one\n  two\nb: 1\n");
  BOOST_TEST(d.root().find("a")->text() == "one two");
  BOOST_TEST(show(d.root().find("a")->where()) == "1:4-2:6");
}

BOOST_AUTO_TEST_CASE(a_block_scalar_stands_where_its_content_does) {
  const document d = read("a: |\n    one\n    two\n\n\nb: 1\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "2:5-3:8");
}

BOOST_AUTO_TEST_CASE(an_alias_stands_at_its_star_and_knows_its_anchor) {
  const document d = read("a: &it [1]\nb: *it\n");
  BOOST_TEST(show(d.root().find("b")->where()) == "2:4-2:7");
  BOOST_TEST(show(*d.root().find("b")->where_anchored()) == "1:8-1:11");
  BOOST_TEST(show(d.root().find("b")->item(0).where()) == "1:9-1:10");
  BOOST_TEST(!d.root().find("a")->where_anchored().has_value());
}

BOOST_AUTO_TEST_CASE(anchors_and_tags_do_not_belong_to_a_value) {
  const document d = read("a: &x !!str 5\nb: &y\n");
  BOOST_TEST(show(d.root().find("a")->where()) == "1:13-1:14");
  BOOST_TEST(show(d.root().find("b")->where()) == "2:6-2:6");
}

BOOST_AUTO_TEST_CASE(a_single_pair_in_a_list_reaches_from_its_key) {
  const document d = read("[a: 1, b]");
  BOOST_TEST(show(d.root().item(0).where()) == "1:2-1:6");
}

BOOST_AUTO_TEST_CASE(merged_entries_stand_where_they_were_written) {
  const document d = read("base: &b\n  k: 1\nuse:\n  <<: *b\n");
  BOOST_TEST(show(d.root().find("use")->find_entry("k")->key.where()) == "2:3-2:4");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
