#include "runtime/base/ulid.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

namespace {

class fixed_random : public random_source {
public:
  explicit fixed_random(std::uint64_t value)
      : value_(value) {}
  std::uint64_t next() override { return value_; }

private:
  std::uint64_t value_;
};

std::string ulid_at(std::int64_t ms, std::uint64_t value) {
  fixed_random random(value);
  return make_ulid(from_ms(ms), random);
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_ulid)

BOOST_AUTO_TEST_CASE(time_stands_before_randomness) {
  BOOST_TEST(ulid_at(0, 0) == "00000000000000000000000000");
  BOOST_TEST(ulid_at(1'469'918'176'385, 0).substr(0, 10) ==
             "01ARYZ6S41"); // the example of the ULID specification
  BOOST_TEST(ulid_at(0, UINT64_MAX) == "0000000000ZZZZZZZZZZZZZZZZ");
}

BOOST_AUTO_TEST_CASE(names_sort_by_time) {
  BOOST_TEST(ulid_at(1'700'000'000'000, UINT64_MAX) < ulid_at(1'700'000'000'001, 0));
}

BOOST_AUTO_TEST_CASE(the_same_text_has_the_same_name) {
  BOOST_TEST(stable_ulid(from_ms(5), "a") == stable_ulid(from_ms(5), "a"));
  BOOST_TEST(stable_ulid(from_ms(5), "a") != stable_ulid(from_ms(5), "b"));
  BOOST_TEST(stable_ulid(from_ms(5), "a") != stable_ulid(from_ms(6), "a"));
  BOOST_TEST(stable_ulid(from_ms(5), "a").size() == 26u);
}

BOOST_AUTO_TEST_CASE(the_name_of_a_text_never_changes) {
  BOOST_TEST(stable_ulid(from_ms(1'469'918'176'385), "a").substr(0, 10) == "01ARYZ6S41");
  BOOST_TEST(stable_ulid(from_ms(0), "a").substr(10) == "57JJFGTYDT9Q71VZ");
}

BOOST_AUTO_TEST_SUITE_END()
