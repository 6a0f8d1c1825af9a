#include "cli/console/table.hpp"

#include "cli/console/printer.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::cli;

BOOST_AUTO_TEST_SUITE(console)

BOOST_AUTO_TEST_CASE(columns_are_as_wide_as_their_widest_cell) {
  table lines({"A", "B"});
  lines.row({"long", "x"});
  BOOST_TEST(lines.text() == "A     B\nlong  x\n");
}

BOOST_AUTO_TEST_CASE(widths_count_characters) {
  table lines({"A", "B"});
  lines.row({"äö", "x"});
  lines.row({"ab", "y"});
  BOOST_TEST(lines.text() == "A   B\näö  x\nab  y\n");
}

BOOST_AUTO_TEST_CASE(nothing_trails_an_empty_last_cell) {
  table lines({"A", "B"});
  lines.row({"x", ""});
  BOOST_TEST(lines.text() == "A  B\nx\n");
}

BOOST_AUTO_TEST_CASE(foreign_text_cannot_steer_the_terminal) {
  BOOST_TEST(harmless("a\x1b[2Jb") == "a?[2Jb");
}

BOOST_AUTO_TEST_SUITE_END()
