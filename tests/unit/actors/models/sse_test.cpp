#include "actors/models/sse.hpp"

#include <boost/test/unit_test.hpp>
#include <ostream>

using namespace troupe::models;

namespace troupe::models {
std::ostream& operator<<(std::ostream& out, const sse_event& event) {
  return out << event.type << '|' << event.data;
}
} // namespace troupe::models

namespace {

std::vector<sse_event> parse(std::string_view text, std::size_t step) {
  sse_parser parser(1000);
  std::vector<sse_event> out;
  for (std::size_t i = 0; i < text.size(); i += step)
    for (auto& event : parser.feed(text.substr(i, step)))
      out.push_back(std::move(event));
  return out;
}

void check(const std::vector<sse_event>& got, const std::vector<sse_event>& wanted) {
  BOOST_TEST(got == wanted, boost::test_tools::per_element());
}

} // namespace

BOOST_AUTO_TEST_SUITE(sse_streams)

BOOST_AUTO_TEST_CASE(an_event_ends_with_an_empty_line) {
  check(parse("data: a\n\ndata: b\n", 100), {{"", "a"}});
}

BOOST_AUTO_TEST_CASE(data_lines_of_one_event_are_joined) {
  check(parse("event: note\ndata: a\ndata:\ndata:b\n\n", 100), {{"note", "a\n\nb"}});
}

BOOST_AUTO_TEST_CASE(all_three_line_endings_are_read_the_same) {
  check(parse("data: a\r\ndata: b\r\n\r\n", 100), {{"", "a\nb"}});
  check(parse("data: a\rdata: b\r\r", 100), {{"", "a\nb"}});
}

BOOST_AUTO_TEST_CASE(pieces_may_be_cut_anywhere) {
  const std::string text =
      "\xEF\xBB\xBF: hello\r\nevent: x\r\ndata: {\"t\": \"ä🎭\"}\r\n\r\ndata: [DONE]\r\n\r\n";
  check(parse(text, 1), {{"x", "{\"t\": \"ä🎭\"}"}, {"", "[DONE]"}});
  check(parse(text, 2), parse(text, 1));
  check(parse(text, 3), parse(text, 1));
  check(parse(text, 7), parse(text, 1));
}

BOOST_AUTO_TEST_CASE(only_one_space_after_the_colon_is_dropped) {
  check(parse("data:  a\n\n", 100), {{"", " a"}});
}

BOOST_AUTO_TEST_CASE(comments_ids_and_retry_times_are_no_events) {
  check(parse(": keep-alive\n\nid: 3\nretry: 10\n\nevent: empty\n\n", 100), {});
}

BOOST_AUTO_TEST_CASE(an_event_without_data_does_not_lend_its_type) {
  check(parse("event: lost\n\ndata: a\n\n", 100), {{"", "a"}});
}

BOOST_AUTO_TEST_CASE(a_field_without_colon_has_an_empty_value) { check(parse("data\n\n", 100), {{"", ""}}); }

BOOST_AUTO_TEST_CASE(an_event_without_end_overflows) {
  sse_parser parser(10);
  BOOST_TEST(parser.feed("data: 12345678").empty());
  BOOST_TEST(parser.overflowed());
  BOOST_TEST(parser.feed("\n\ndata: a\n\n").empty());
}

BOOST_AUTO_TEST_CASE(many_data_lines_overflow_together) {
  sse_parser parser(20);
  BOOST_TEST(parser.feed("data: 12345678\ndata: 12345678\ndata: 123\n\n").empty());
  BOOST_TEST(parser.overflowed());
}

BOOST_AUTO_TEST_SUITE_END()
