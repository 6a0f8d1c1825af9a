#include "config/expression/value.hpp"

#include "config/expression/value_json.hpp"
#include "config/limits.hpp"

#include <boost/test/unit_test.hpp>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

using namespace troupe::expression;
using nlohmann::json;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

value number(std::int64_t i) { return value::of(i); }

json nested(std::size_t levels) {
  json made = 1;
  for (std::size_t i = 0; i < levels; ++i)
    made = json::array({std::move(made)});
  return made;
}

} // namespace

BOOST_AUTO_TEST_SUITE(expression_values)

BOOST_AUTO_TEST_CASE(a_value_is_small) { BOOST_TEST(sizeof(value) == 24u); }

BOOST_AUTO_TEST_CASE(numbers_are_equal_across_kinds) {
  BOOST_TEST(equal(number(1), value::of(1.0)));
  BOOST_TEST(equal(value::of(std::uint64_t{1}), number(1)));
  BOOST_TEST(!equal(number(-1), value::of(UINT64_MAX)));
  BOOST_TEST(!equal(value::of(not_a_number), value::of(not_a_number)));
}

BOOST_AUTO_TEST_CASE(values_of_different_kinds_are_not_equal) {
  BOOST_TEST(!equal(number(1), value::text("1")));
  BOOST_TEST(!equal(value::bytes("a"), value::text("a")));
  BOOST_TEST(!equal(value(), value::of(false)));
}

BOOST_AUTO_TEST_CASE(equal_values_hash_alike) {
  BOOST_TEST(hash(number(1)) == hash(value::of(1.0)));
  BOOST_TEST(hash(number(1)) == hash(value::of(std::uint64_t{1})));
  BOOST_TEST(hash(value::list({number(1), value()})) == hash(value::list({value::of(1.0), value()})));
  BOOST_TEST(hash(value::text("a")) != hash(value::bytes("a")));
}

BOOST_AUTO_TEST_CASE(a_map_goes_through_its_keys_in_one_order) {
  const auto map = value::map({{value::text("b"), number(1)},
                               {number(7), number(2)},
                               {value::of(true), number(3)},
                               {value::text("a"), number(4)}});
  BOOST_REQUIRE(map.has_value());
  BOOST_TEST(to_json(map->entries()[0].item).value() == 3);
  BOOST_TEST(to_json(map->entries()[1].item).value() == 2);
  BOOST_TEST(to_json(map->entries()[2].item).value() == 4);
}

BOOST_AUTO_TEST_CASE(a_map_has_each_key_once) {
  BOOST_TEST(!value::map({{number(1), value()}, {value::of(std::uint64_t{1}), value()}}).has_value());
  BOOST_TEST(!value::map({{value::text("a"), value()}, {value::text("a"), value()}}).has_value());
}

BOOST_AUTO_TEST_CASE(doubles_null_and_lists_are_no_keys) {
  BOOST_TEST(!value::map({{value::of(1.5), value()}}).has_value());
  BOOST_TEST(!value::map({{value(), value()}}).has_value());
  BOOST_TEST(!value::map({{value::list({}), value()}}).has_value());
}

BOOST_AUTO_TEST_CASE(a_key_is_found_by_an_equal_number) {
  const auto map = value::map({{number(3), value::of(true)}}).value();
  BOOST_TEST(map.find(value::of(3.0)) != nullptr);
  BOOST_TEST(map.find(value::of(std::uint64_t{3})) != nullptr);
  BOOST_TEST(map.find(value::of(3.5)) == nullptr);
  BOOST_TEST(map.find(value::of(not_a_number)) == nullptr);
  BOOST_TEST(map.find(value::of(1e300)) == nullptr);
  BOOST_TEST(map.find("3") == nullptr);
}

BOOST_AUTO_TEST_CASE(of_two_fields_with_one_name_the_later_counts) {
  const value object = value::object({{"a", number(1)}, {"b", number(2)}, {"a", number(3)}});
  BOOST_TEST(to_json(object).value() == json({{"a", 3}, {"b", 2}}));
}

BOOST_AUTO_TEST_CASE(json_comes_back_as_it_went_in) {
  const json document = {{"a", 1}, {"b", {1.5, true, nullptr, "x"}}, {"c", {{"d", -3}}}, {"big", UINT64_MAX}};
  BOOST_TEST(to_json(from_json(document).value()).value() == document);
}

BOOST_AUTO_TEST_CASE(json_numbers_are_ints_when_they_are_whole) {
  BOOST_TEST((from_json(json::parse("1")).value().kind() == value_kind::integer));
  BOOST_TEST((from_json(json::parse("1.0")).value().kind() == value_kind::real));
  BOOST_TEST((from_json(json(UINT64_MAX)).value().kind() == value_kind::unsigned_integer));
}

BOOST_AUTO_TEST_CASE(what_json_cannot_hold_becomes_text) {
  BOOST_TEST(to_json(value::of(not_a_number)).value() == "nan");
  BOOST_TEST(to_json(value::of(-std::numeric_limits<double>::infinity())).value() == "-inf");
  BOOST_TEST(to_json(value::bytes(std::string("\x00\xff", 2))).value() == "AP8=");
  BOOST_TEST(to_json(value::of(timestamp{0, 500'000'000})).value() == "1970-01-01T00:00:00.5Z");
  BOOST_TEST(to_json(value::of(duration{-1'500'000'000})).value() == "-1.5s");
}

BOOST_AUTO_TEST_CASE(two_keys_that_become_one_text_are_refused) {
  const auto map = value::map({{number(1), value()}, {value::text("1"), value()}}).value();
  BOOST_TEST(to_json(map).error().message == "two keys of a map are both \"1\" in JSON");
}

BOOST_AUTO_TEST_CASE(deep_json_is_refused) {
  BOOST_TEST(from_json(nested(troupe::limits::document_depth_max - 1)).has_value());
  BOOST_TEST((from_json(nested(troupe::limits::document_depth_max)).error().what == troupe::fault::refused));
}

BOOST_AUTO_TEST_CASE(binary_json_is_refused) { BOOST_TEST(!from_json(json::binary({1, 2})).has_value()); }

BOOST_AUTO_TEST_CASE(weight_counts_shared_parts_each_time) {
  const value text = value::text(std::string(1'000, 'x'));
  BOOST_TEST(value::list({text, text}).weight() > 2'000u);
  BOOST_TEST(value::object({{"name", text}}).weight() > 1'000u);
}

BOOST_AUTO_TEST_SUITE_END()
