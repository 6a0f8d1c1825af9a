#include "config/limits.hpp"

#include "tests/unit/config/document/reading.hpp"

namespace troupe::config {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

/// Nine lines of nine aliases each: 9^9 values from a few hundred bytes.
std::string billion_laughs() {
  std::string text = "a0: &a0 [x]\n";
  for (int i = 1; i <= 9; ++i) {
    const std::string below = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below;
    for (int copy = 1; copy < 9; ++copy)
      text += ", " + below;
    text += "]\n";
  }
  return text;
}

BOOST_AUTO_TEST_SUITE(document_bounds)

BOOST_AUTO_TEST_CASE(a_file_at_the_size_limit_is_read_and_one_byte_more_is_not) {
  document_limits bounds;
  bounds.bytes = 6;
  diagnostics found;
  BOOST_TEST(parse_document(source("f", "a: 123"), found, bounds).has_value());
  BOOST_TEST(refuse("a: 1234", bounds).items()[0].code == "TC0108");
}

BOOST_AUTO_TEST_CASE(nesting_is_limited_to_the_houses_depth) {
  BOOST_TEST(read(nested(limits::document_depth_max)).root().is(node_kind::list));
  BOOST_TEST(first(refuse(nested(limits::document_depth_max + 1))) ==
             "TC0109 1:" + std::to_string(limits::document_depth_max + 1));
}

BOOST_AUTO_TEST_CASE(hundreds_of_thousands_of_open_brackets_are_refused_by_depth) {
  BOOST_TEST(refuse(std::string(300'000, '[')).items()[0].code == "TC0109");
  BOOST_TEST(refuse(std::string(300'000, '{')).errors() == 1U);
}

BOOST_AUTO_TEST_CASE(block_nesting_is_limited_too) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "- ";
  BOOST_TEST(first(refuse(text + "x")) == "TC0109 1:" + std::to_string(2 * limits::document_depth_max + 1));
}

BOOST_AUTO_TEST_CASE(depth_counts_what_aliases_bring_in) {
  document_limits bounds;
  bounds.depth = 4;
  BOOST_TEST(first(refuse("a: &a [[1]]\nb: [[*a]]\n", bounds)) == "TC0109 2:6");
}

BOOST_AUTO_TEST_CASE(the_number_of_values_and_keys_is_limited) {
  document_limits bounds;
  bounds.nodes = 5;
  diagnostics found;
  BOOST_TEST(parse_document(source("f", "{a: 1, b: 2}"), found, bounds).has_value());
  BOOST_TEST(first(refuse("{a: 1, b: [2]}", bounds)) == "TC0110 1:12");
}

BOOST_AUTO_TEST_CASE(billion_laughs_are_refused_at_the_alias_that_goes_too_far) {
  const diagnostics found = refuse(billion_laughs());
  BOOST_TEST(first(found).starts_with("TC0110 7:"));
  BOOST_TEST(found.errors() == 1U);
}

BOOST_AUTO_TEST_CASE(text_repeated_by_aliases_is_limited) {
  std::string text = "a: &a " + std::string(100'000, 'x') + "\nb: [";
  for (int i = 0; i < 200; ++i)
    text += "*a, ";
  BOOST_TEST(first(refuse(text + "]\n")).starts_with("TC0111 2:"));
}

BOOST_AUTO_TEST_CASE(what_merges_bring_in_is_limited) {
  document_limits bounds;
  bounds.nodes = 75;
  std::string text = "a: &a {k1: 1, k2: 2, k3: 3, k4: 4, k5: 5}\n";
  for (int i = 0; i < 4; ++i)
    text += "m" + std::to_string(i) + ": {<<: *a}\n";
  diagnostics found;
  BOOST_TEST(parse_document(source("f", text), found, bounds).has_value());
  BOOST_TEST(first(refuse(text + "m4: {<<: *a}\n", bounds)) == "TC0110 6:5");
}

BOOST_AUTO_TEST_CASE(merges_in_maps_still_open_are_limited_together) {
  // No map alone passes the bound, and their parents are not counted before they end.
  document_limits bounds;
  bounds.nodes = 40;
  std::string text = "{a: &a {k1: 1, k2: 2, k3: 3, k4: 4, k5: 5}";
  for (int i = 0; i < 4; ++i)
    text += ", b: {p: {<<: *a}, q: {m: {<<: *a}";
  BOOST_TEST(refuse(text, bounds).items()[0].code == "TC0110");
}

BOOST_AUTO_TEST_CASE(many_findings_stop_at_their_limit) {
  std::string text;
  for (int i = 0; i < 500; ++i)
    text += "same: 1\n";
  const diagnostics found = refuse(text);
  BOOST_TEST(found.errors() == 499U);
  BOOST_TEST(found.items().size() == limits::diagnostics_max);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
