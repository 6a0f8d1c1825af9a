#include "actors/models/price.hpp"
#include "actors/models/retry.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::models;
using namespace std::chrono_literals;

namespace {

struct fixed_random final : random_source {
  explicit fixed_random(std::uint64_t v)
      : value(v) {}
  std::uint64_t next() override { return value; }
  std::uint64_t value;
};

milliseconds waited(int failed, std::uint64_t drawn) {
  fixed_random random(drawn);
  return jittered_wait({10, 500ms, 3s}, failed, random);
}

// Sun, 06 Nov 1994 08:49:37 GMT
constexpr instant bell{784'111'777s};

std::int64_t asked_for(std::string_view header) {
  const auto wait = parse_retry_after(header, bell);
  return wait ? wait->count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(retries)

BOOST_AUTO_TEST_CASE(the_wait_is_drawn_from_a_range_that_doubles) {
  BOOST_TEST(waited(1, 500).count() == 500);
  BOOST_TEST(waited(1, 501).count() == 0);
  BOOST_TEST(waited(2, 1000).count() == 1000);
  BOOST_TEST(waited(3, 2000).count() == 2000);
}

BOOST_AUTO_TEST_CASE(the_range_stops_growing_at_its_cap) {
  BOOST_TEST(waited(4, 3000).count() == 3000);
  BOOST_TEST(waited(1000, 3001).count() == 0);
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_in_seconds) {
  BOOST_TEST(asked_for(" 7\r\n") == 7000);
  BOOST_TEST(asked_for("0") == 0);
  BOOST_TEST(asked_for("99999999999999") == 86'400'000);
}

BOOST_AUTO_TEST_CASE(retry_after_is_read_as_a_date_in_all_three_spellings) {
  BOOST_TEST(asked_for("Sun, 06 Nov 1994 08:49:47 GMT") == 10'000);
  BOOST_TEST(asked_for("Sunday, 06-Nov-94 08:49:47 GMT") == 10'000);
  BOOST_TEST(asked_for("Sun Nov  6 08:49:47 1994") == 10'000);
}

BOOST_AUTO_TEST_CASE(a_date_in_the_past_means_now) {
  BOOST_TEST(asked_for("Sun, 06 Nov 1994 08:49:00 GMT") == 0);
}

BOOST_AUTO_TEST_CASE(what_is_neither_is_nothing) {
  BOOST_TEST(asked_for("") == -1);
  BOOST_TEST(asked_for("soon") == -1);
  BOOST_TEST(asked_for("-3") == -1);
  BOOST_TEST(asked_for("1.5") == -1);
  BOOST_TEST(asked_for("Sun, 31 Feb 1994 08:49:37 GMT") == -1);
  BOOST_TEST(asked_for("Sun, 06 Nov 1994 25:49:37 GMT") == -1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(prices)

BOOST_AUTO_TEST_CASE(cost_is_counted_in_millionths_and_rounded_up) {
  BOOST_TEST(cost_micro({150'000, 600'000, {}}, {1'000, 500, 0}) == 150 + 300);
  BOOST_TEST(cost_micro({150'000, 600'000, {}}, {1, 0, 0}) == 1);
}

BOOST_AUTO_TEST_CASE(cached_tokens_have_their_own_price) {
  BOOST_TEST(cost_micro({2'000'000, 0, 500'000}, {1'000, 0, 600}) == 800 + 300);
  BOOST_TEST(cost_micro({2'000'000, 0, {}}, {1'000, 0, 600}) == 2'000);
}

BOOST_AUTO_TEST_CASE(nonsense_counts_do_not_overflow) {
  BOOST_TEST(cost_micro({1'000'000'000, 1'000'000'000, {}}, {1'000'000'000, 1'000'000'000, -5}) ==
             2'000'000'000'000);
  BOOST_TEST(cost_micro({1, 1, {}}, {-7, -7, 900}) == 0);
}

BOOST_AUTO_TEST_CASE(a_dated_name_has_the_price_of_its_model) {
  const price_table prices({{"m", {1'000'000, 0, {}}}, {"m-2026", {2'000'000, 0, {}}}});
  BOOST_TEST(prices.cost("m-2025-01-02", {1, 0, 0}).value() == 1);
  BOOST_TEST(prices.cost("m-2026-01-02", {1, 0, 0}).value() == 2);
}

BOOST_AUTO_TEST_CASE(a_model_without_price_has_no_cost_rather_than_none) {
  const price_table prices({{"m", {1'000'000, 0, {}}}});
  BOOST_TEST(!prices.cost("m-mini", {1, 0, 0}).has_value());
  BOOST_TEST(!prices.cost("", {1, 0, 0}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
