#include "config/settings/units.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <vector>

namespace troupe::config {
namespace {

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(units)

BOOST_AUTO_TEST_CASE(durations_have_five_units) {
  BOOST_TEST(parse_duration("250ms")->count() == 250);
  BOOST_TEST(parse_duration("30s")->count() == 30'000);
  BOOST_TEST(parse_duration("5m")->count() == 300'000);
  BOOST_TEST(parse_duration("2h")->count() == 7'200'000);
  BOOST_TEST(parse_duration("1d")->count() == 86'400'000);
}

BOOST_AUTO_TEST_CASE(durations_may_be_sums_from_large_to_small) {
  BOOST_TEST(parse_duration("1h30m")->count() == 5'400'000);
  BOOST_TEST(parse_duration("1d2h3m4s5ms")->count() == 93'784'005);
  BOOST_TEST(parse_duration("0s")->count() == 0);
}

BOOST_DATA_TEST_CASE(what_is_no_duration_is_refused,
                     data::make(std::vector<std::string>{"", "30", "s", "1.5s", "-1s", "30 s", "30sec", "30S",
                                                         "1m1h", "1s1s", "1h30", "99999999999999999999s",
                                                         "9223372036854775807d"})) {
  const auto refused = parse_duration(sample);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST(refused.error().hint == "write 250ms, 30s, 5m, 2h or 1d");
}

BOOST_DATA_TEST_CASE(durations_are_written_as_they_are_read,
                     data::make(std::vector<std::string>{"0s", "1ms", "999ms", "1s", "1m30s", "2h", "7d",
                                                         "1d1ms"})) {
  BOOST_TEST(format_duration(*parse_duration(sample)) == sample);
}

BOOST_AUTO_TEST_CASE(a_duration_is_written_in_its_largest_units) {
  BOOST_TEST(format_duration(std::chrono::milliseconds(90'000)) == "1m30s");
}

BOOST_AUTO_TEST_CASE(sizes_are_bytes_or_powers_of_1024) {
  BOOST_TEST(*parse_size("0") == 0);
  BOOST_TEST(*parse_size("4096") == 4'096);
  BOOST_TEST(*parse_size("10B") == 10);
  BOOST_TEST(*parse_size("32KiB") == 32'768);
  BOOST_TEST(*parse_size("512MiB") == 536'870'912);
  BOOST_TEST(*parse_size("2GiB") == 2'147'483'648);
  BOOST_TEST(*parse_size("1TiB") == 1'099'511'627'776);
}

BOOST_DATA_TEST_CASE(what_is_no_size_is_refused,
                     data::make(std::vector<std::string>{"", "KiB", "32KB", "32k", "32 KiB", "-1", "1.5MiB",
                                                         "9223372036854775808", "9223372036854775807KiB"})) {
  BOOST_TEST(!parse_size(sample).has_value());
}

BOOST_AUTO_TEST_CASE(a_size_is_written_in_the_largest_unit_that_divides_it) {
  BOOST_TEST(format_size(0) == "0");
  BOOST_TEST(format_size(1'000) == "1000");
  BOOST_TEST(format_size(32'768) == "32KiB");
  BOOST_TEST(format_size(1LL << 40) == "1TiB");
}

BOOST_AUTO_TEST_CASE(counts_are_whole_numbers) {
  BOOST_TEST(*parse_count("0") == 0);
  BOOST_TEST(*parse_count("1000") == 1'000);
  BOOST_TEST(*parse_count("-5") == -5);
}

BOOST_DATA_TEST_CASE(what_is_no_count_is_refused,
                     data::make(std::vector<std::string>{"", "-", "1.0", "1e3", "ten", "1 000", "+1", "0x10",
                                                         "9223372036854775808"})) {
  BOOST_TEST(!parse_count(sample).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
