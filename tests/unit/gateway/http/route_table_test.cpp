#include "gateway/http/route_table.hpp"

#include "config/invariant.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe::gateway;

namespace {

route row(http_method method, std::string path) {
  route made;
  made.method = method;
  made.path = std::move(path);
  made.handler = [](const http_request&, const responder&) {};
  return made;
}

struct two_levels {
  two_levels() {
    table.add(row(http_method::get, "/things/{id}"));
    table.add(row(http_method::get, "/things/all"));
    table.add(row(http_method::post, "/things/{id}/verbs/{verb}"));
  }
  route_table table;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(routing, two_levels)

BOOST_AUTO_TEST_CASE(parameters_are_taken_from_their_places) {
  auto match = table.match(http_method::post, {"things", "7", "verbs", "stop"});
  BOOST_REQUIRE(match.found);
  BOOST_TEST(find_value(match.params, "id").value() == "7");
  BOOST_TEST(find_value(match.params, "verb").value() == "stop");
}

BOOST_AUTO_TEST_CASE(a_literal_segment_wins_over_a_parameter) {
  BOOST_TEST(table.match(http_method::get, {"things", "all"}).found->path == "/things/all");
}

BOOST_AUTO_TEST_CASE(head_finds_what_get_would) {
  BOOST_TEST(table.match(http_method::head, {"things", "7"}).found->path == "/things/{id}");
}

BOOST_AUTO_TEST_CASE(another_method_is_not_found_but_the_allowed_ones_are_named) {
  auto match = table.match(http_method::del, {"things", "7"});
  BOOST_TEST(!match.found);
  BOOST_REQUIRE_EQUAL(match.allowed.size(), 1u);
  BOOST_TEST((match.allowed.front() == http_method::get));
}

BOOST_AUTO_TEST_CASE(an_unknown_path_allows_nothing) {
  auto match = table.match(http_method::get, {"nothing"});
  BOOST_TEST(!match.found);
  BOOST_TEST(match.allowed.empty());
}

BOOST_AUTO_TEST_CASE(an_empty_segment_is_no_parameter) {
  BOOST_TEST(!table.match(http_method::get, {"things", ""}).found);
}

BOOST_AUTO_TEST_CASE(the_same_route_twice_is_a_defect) {
  BOOST_CHECK_THROW(table.add(row(http_method::get, "/things/all")), troupe::broken_invariant);
}

BOOST_AUTO_TEST_SUITE_END()
