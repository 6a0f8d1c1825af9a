#include "tests/unit/config/document/reading.hpp"

namespace troupe::config {
namespace {

BOOST_AUTO_TEST_SUITE(aliases_and_merges)

BOOST_AUTO_TEST_CASE(an_alias_repeats_its_anchors_value) {
  BOOST_TEST(json(read("a: &x {k: [1]}\nb: *x\nc: [*x]\n")) ==
             R"({"a":{"k":[1]},"b":{"k":[1]},"c":[{"k":[1]}]})");
}

BOOST_AUTO_TEST_CASE(an_alias_of_an_alias_is_refused_by_yaml_and_of_a_scalar_is_fine) {
  BOOST_TEST(json(read("a: &x 5\nb: *x\n")) == R"({"a":5,"b":5})");
}

BOOST_AUTO_TEST_CASE(a_later_anchor_of_the_same_name_holds_from_there_on) {
  BOOST_TEST(json(read("[&x 1, *x, &x 2, *x]")) == "[1,1,2,2]");
}

BOOST_AUTO_TEST_CASE(an_alias_can_be_a_key) {
  BOOST_TEST(json(read("- &k name\n- {*k : 1}\n")) == R"(["name",{"name":1}])");
}

BOOST_AUTO_TEST_CASE(an_absent_value_can_have_an_anchor) {
  BOOST_TEST(json(read("a: &x\nb: *x\n")) == R"({"a":null,"b":null})");
}

BOOST_AUTO_TEST_CASE(a_merge_adds_what_the_map_does_not_say) {
  BOOST_TEST(json(read("a: &x {k: 1, l: 2}\nb: {<<: *x, l: 3, m: 4}\n")) ==
             R"({"a":{"k":1,"l":2},"b":{"l":3,"m":4,"k":1}})");
}

BOOST_AUTO_TEST_CASE(of_several_merged_maps_the_first_wins) {
  BOOST_TEST(json(read("- &x {k: 1}\n- &y {k: 2, l: 2}\n- {<<: [*x, *y]}\n")) ==
             R"([{"k":1},{"k":2,"l":2},{"k":1,"l":2}])");
}

BOOST_AUTO_TEST_CASE(merged_keys_are_found_by_name) {
  const document d = read("a: &x {k: 1, l: 2}\nb: {<<: *x}\n");
  BOOST_TEST(d.root().find("b")->find("l")->integer() == 2);
  BOOST_TEST(!d.root().find("b")->find("<<").has_value());
}

BOOST_AUTO_TEST_CASE(a_merge_of_a_merge_brings_in_both) {
  BOOST_TEST(json(read("- &x {k: 1}\n- &y {<<: *x, l: 2}\n- {<<: *y}\n")) ==
             R"([{"k":1},{"l":2,"k":1},{"l":2,"k":1}])");
}

BOOST_AUTO_TEST_CASE(a_map_may_be_merged_from_where_it_stands) {
  BOOST_TEST(json(read("{<<: {k: 1}, l: 2}")) == R"({"l":2,"k":1})");
}

BOOST_AUTO_TEST_CASE(a_quoted_merge_key_is_a_key_like_any_other) {
  BOOST_TEST(json(read("{\"<<\": 1}")) == R"({"<<":1})");
}

BOOST_AUTO_TEST_CASE(only_maps_can_be_merged) {
  BOOST_TEST(first(refuse("a: {<<: 5}\n")) == "TC0114 1:9");
  BOOST_TEST(first(refuse("a: &x {}\nb: {<<: [*x, 5]}\n")) == "TC0114 2:9");
}

BOOST_AUTO_TEST_CASE(two_merge_keys_in_a_map_are_duplicates) {
  BOOST_TEST(first(refuse("a: &x {}\nb: {<<: *x, <<: *x}\n")) == "TC0102 2:13");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
