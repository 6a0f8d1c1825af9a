#include "runtime/base/object.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;

BOOST_AUTO_TEST_SUITE(base_object)

BOOST_AUTO_TEST_CASE(keys_and_values_make_an_object) {
  BOOST_TEST(object("a", 1, "b", "two", "c", json::array()) ==
             json::parse(R"({"a": 1, "b": "two", "c": []})"));
}

BOOST_AUTO_TEST_CASE(no_pairs_make_an_empty_object) { BOOST_TEST(object().dump() == "{}"); }

BOOST_AUTO_TEST_CASE(a_repeated_key_keeps_its_last_value) {
  BOOST_TEST(object("a", 1, "a", 2) == object("a", 2));
}

BOOST_AUTO_TEST_SUITE_END()
