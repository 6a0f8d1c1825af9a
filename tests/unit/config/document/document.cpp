#include "config/document/document.hpp"

#include "config/invariant.hpp"
#include "tests/unit/config/document/reading.hpp"

namespace troupe::config {
namespace {

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(an_empty_file_is_null) {
  const document d = read("");
  BOOST_TEST(d.root().is(node_kind::null));
  BOOST_TEST(show(d.root().where()) == "1:1-1:1");
}

BOOST_AUTO_TEST_CASE(a_file_of_comments_is_null) {
  BOOST_TEST(json(read("# nothing\n\n# here\n")) == "null");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_alone_is_null) { BOOST_TEST(json(read("\xEF\xBB\xBF")) == "null"); }

BOOST_AUTO_TEST_CASE(scalars_have_the_types_of_the_core_schema) {
  const document d = read("[null, true, 7, 1.5, x, \"7\", '7', 0x10, ~]");
  BOOST_TEST(json(d) == R"([null,true,7,1.5,"x","7","7",16,null])");
}

BOOST_AUTO_TEST_CASE(a_scalar_keeps_its_text_as_written) {
  const document d = read("[0x10, 1.20, ~]");
  BOOST_TEST(d.root().item(0).text() == "0x10");
  BOOST_TEST(d.root().item(1).text() == "1.20");
  BOOST_TEST(d.root().item(2).text() == "~");
}

BOOST_AUTO_TEST_CASE(an_integer_can_be_read_as_a_real) {
  const document d = read("[3, 2.5]");
  BOOST_TEST(d.root().item(0).real() == 3.0);
  BOOST_TEST(d.root().item(1).real() == 2.5);
}

BOOST_AUTO_TEST_CASE(maps_keep_the_order_they_were_written_in) {
  BOOST_TEST(json(read("z: 1\na: 2\nm: 3\n")) == R"({"z":1,"a":2,"m":3})");
}

BOOST_AUTO_TEST_CASE(keys_are_found_by_name) {
  const document d = read("{z: 1, a: 2, m: 3}");
  BOOST_TEST(d.root().find("a")->integer() == 2);
  BOOST_TEST(d.root().find("z")->integer() == 1);
  BOOST_TEST(!d.root().find("b").has_value());
  BOOST_TEST(!d.root().find("zz").has_value());
}

BOOST_AUTO_TEST_CASE(keys_are_text_whatever_they_look_like) {
  const document d = read("1: a\ntrue: b\n~: c\n\"\": d\n");
  BOOST_TEST(json(d) == R"({"1":"a","true":"b","~":"c","":"d"})");
  BOOST_TEST(d.root().entry_at(0).key.is(node_kind::text));
}

BOOST_AUTO_TEST_CASE(on_is_a_key_as_in_workflows) {
  BOOST_TEST(read("on: x").root().find("on")->text() == "x");
}

BOOST_AUTO_TEST_CASE(json_is_read_as_it_is_meant) {
  const std::string text = R"({"a":[1,-2.5e3,true,false,null,"x\n\"\\\/\u00e9\ud83d\ude00"],"b":{},"c":[]})";
  BOOST_TEST(json(read(text)) == "{\"a\":[1,-2500.0,true,false,null,\"x\\n\\\"\\\\/é😀\"],\"b\":{},\"c\":[]}");
}

BOOST_AUTO_TEST_CASE(json_may_be_indented_with_tabs) {
  BOOST_TEST(json(read("{\n\t\"a\": [\n\t\t1,\n\t\t2\n\t]\n}\n")) == R"({"a":[1,2]})");
}

BOOST_AUTO_TEST_CASE(yaml_and_the_json_made_from_it_are_the_same_tree) {
  const std::string once = json(read("a: &x [1, 'two', {k: ~}]\nb: *x\nc: |\n  text\n  more\n"));
  BOOST_TEST(json(read(once)) == once);
  BOOST_TEST(once == R"({"a":[1,"two",{"k":null}],"b":[1,"two",{"k":null}],"c":"text\nmore\n"})");
}

BOOST_AUTO_TEST_CASE(infinities_cannot_become_json) {
  const auto refused = to_json(read("{a: [.inf]}").root());
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(block_scalars_keep_or_fold_their_lines) {
  const document d = read("a: |\n  one\n  two\nb: >-\n  one\n  two\n\n  three\n");
  BOOST_TEST(d.root().find("a")->text() == "one\ntwo\n");
  BOOST_TEST(d.root().find("b")->text() == "one two\nthree");
}

BOOST_AUTO_TEST_CASE(a_block_scalar_at_the_very_end_of_a_file_is_read_as_elsewhere) {
  // libfyaml 0.7.12 alone gives bytes here that it never wrote to.
  BOOST_TEST(json(read("a: |\n")) == R"({"a":""})");
  BOOST_TEST(json(read("a: |\n   ")) == R"({"a":""})");
  BOOST_TEST(json(read("a: |\n  x")) == R"({"a":"x\n"})");
  BOOST_TEST(json(read("a: |\n  x\n    y\t\t")) == R"({"a":"x\n  y\t\t\n"})");
  BOOST_TEST(json(read("a: |-\n  x\n")) == R"({"a":"x"})");
  BOOST_TEST(json(read("a: |+\n  x\n\n")) == R"({"a":"x\n\n"})");
  BOOST_TEST(json(read("--- |\n  x\n")) == R"("x\n")");
}

BOOST_AUTO_TEST_CASE(a_block_scalar_whose_last_line_ends_in_tabs_is_read_whole) {
  const document d =
      read("- |\n  $  's'\n  - |\n     d\\ude00\\/\"\t\t\t\t\t\t'\n  - |\n     \t\t\t - |\n  $  's'\n  - |\n"
           "     d\\ude00\\/\"\t\t\t\t\t");
  BOOST_TEST(d.root().item(0).text().ends_with("\n   d\\ude00\\/\"\t\t\t\t\t\n"));
}

BOOST_AUTO_TEST_CASE(the_style_of_a_scalar_is_known) {
  const document d = read("[p, 's', \"d\"]");
  BOOST_TEST((d.root().item(0).style() == scalar_style::plain));
  BOOST_TEST((d.root().item(1).style() == scalar_style::single_quoted));
  BOOST_TEST((d.root().item(2).style() == scalar_style::double_quoted));
  const document blocks = read("- |\n  l\n- >\n  f\n");
  BOOST_TEST((blocks.root().item(0).style() == scalar_style::literal));
  BOOST_TEST((blocks.root().item(1).style() == scalar_style::folded));
}

BOOST_AUTO_TEST_CASE(core_tags_decide_the_type) {
  const document d = read("[!!str 5, !!int \"5\", !!float 5, !!bool 'true', !!null '', ! 5]");
  BOOST_TEST(json(d) == R"(["5",5,5.0,true,null,"5"])");
  BOOST_TEST(json(read("a: !!map {b: !!seq [1]}")) == R"({"a":{"b":[1]}})");
}

BOOST_AUTO_TEST_CASE(a_yaml_1_2_directive_is_accepted) {
  BOOST_TEST(json(read("%YAML 1.2\n---\na: yes\n")) == R"({"a":"yes"})");
}

BOOST_AUTO_TEST_CASE(an_explicit_document_end_is_accepted) {
  BOOST_TEST(json(read("---\na: 1\n...\n")) == R"({"a":1})");
}

BOOST_AUTO_TEST_CASE(nodes_outlive_a_move_of_their_document) {
  document first = read("a: [1, 2]");
  const node list = *first.root().find("a");
  const document second = std::move(first);
  BOOST_TEST(list.item(1).integer() == 2);
  BOOST_TEST(second.root().size() == 1U);
}

BOOST_AUTO_TEST_CASE(reading_a_node_as_something_else_breaks_an_invariant) {
  const document d = read("[1, x, {}]");
  BOOST_CHECK_THROW((void)d.root().item(0).boolean(), broken_invariant);
  BOOST_CHECK_THROW((void)d.root().item(1).integer(), broken_invariant);
  BOOST_CHECK_THROW((void)d.root().item(1).real(), broken_invariant);
  BOOST_CHECK_THROW((void)d.root().item(2).text(), broken_invariant);
  BOOST_CHECK_THROW((void)d.root().item(3), broken_invariant);
  BOOST_CHECK_THROW((void)d.root().find("a"), broken_invariant);
  BOOST_CHECK_THROW((void)d.root().entries(), broken_invariant);
}

BOOST_AUTO_TEST_CASE(a_map_of_ten_thousand_keys_finds_each) {
  std::string text;
  for (int i = 0; i < 10'000; ++i)
    text += "k" + std::to_string(i) + ": " + std::to_string(i) + "\n";
  const document d = read(text);
  BOOST_TEST(d.root().size() == 10'000U);
  BOOST_TEST(d.root().find("k9999")->integer() == 9'999);
  BOOST_TEST(d.root().find("k0")->integer() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
