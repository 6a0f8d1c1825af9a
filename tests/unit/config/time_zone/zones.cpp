#include "config/time_zone/posix_rule.hpp"
#include "config/time_zone/system_zones.hpp"
#include "config/time_zone/tzif.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fstream>
#include <sstream>

using namespace troupe::time_zone;

namespace {

using namespace std::chrono;

std::int64_t seconds_of(year_month_day date, int hour = 0, int minute = 0) {
  return sys_seconds(sys_days(date)).time_since_epoch().count() + hour * 3'600 + minute * 60;
}

std::int32_t ahead(int hours) { return hours * 3'600; }

struct zones {
  system_zones source;
  std::shared_ptr<const zone> in(const std::string& name) { return source.find(name).value(); }
};

// A TZif file of version 1: one change, from +1 h to +2 h, at second 100.
std::string small_file() {
  std::string bytes("TZif\0", 5);
  const auto number = [&](std::uint32_t n) {
    for (int shift = 24; shift >= 0; shift -= 8)
      bytes += static_cast<char>(n >> shift);
  };
  bytes.append(15, '\0');
  for (const std::uint32_t count : {0U, 0U, 0U, 1U, 2U, 4U})
    number(count);
  number(100);
  bytes += '\1';
  number(3'600);
  bytes.append(2, '\0');
  number(7'200);
  bytes.append(2, '\0');
  return bytes + std::string("CET\0", 4);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(time_zones, zones)

BOOST_AUTO_TEST_CASE(offsets_follow_daylight_saving) {
  const auto paris = in("Europe/Paris");
  BOOST_TEST(paris->offset_at(seconds_of(2025y / 1 / 15)) == ahead(1));
  BOOST_TEST(paris->offset_at(seconds_of(2025y / 7 / 15)) == ahead(2));
  BOOST_TEST(paris->offset_at(seconds_of(2025y / 3 / 30, 0, 59)) == ahead(1));
  BOOST_TEST(paris->offset_at(seconds_of(2025y / 3 / 30, 1)) == ahead(2));
}

BOOST_AUTO_TEST_CASE(years_beyond_the_table_follow_the_rule) {
  BOOST_TEST(in("Europe/Paris")->offset_at(seconds_of(2500y / 7 / 1)) == ahead(2));
  BOOST_TEST(in("America/New_York")->offset_at(seconds_of(9000y / 1 / 1)) == ahead(-5));
  BOOST_TEST(in("Europe/Dublin")->offset_at(seconds_of(2100y / 7 / 1)) == ahead(1));
  BOOST_TEST(in("Asia/Kolkata")->offset_at(seconds_of(2100y / 7 / 1)) == ahead(5) + 1'800);
}

BOOST_AUTO_TEST_CASE(years_before_the_table_have_local_mean_time) {
  BOOST_TEST(in("Europe/Paris")->offset_at(seconds_of(1800y / 1 / 1)) == 561);
}

BOOST_AUTO_TEST_CASE(a_skipped_reading_stands_for_the_end_of_the_gap) {
  const auto read = in("Europe/Paris")->read_local(seconds_of(2025y / 3 / 30, 2, 30));
  BOOST_TEST((read.is == local_reading::kind::skipped));
  BOOST_TEST(read.first == seconds_of(2025y / 3 / 30, 1));
}

BOOST_AUTO_TEST_CASE(a_doubled_reading_has_two_passes) {
  const auto read = in("Europe/Paris")->read_local(seconds_of(2025y / 10 / 26, 2, 30));
  BOOST_TEST((read.is == local_reading::kind::twice));
  BOOST_TEST(read.first == seconds_of(2025y / 10 / 26, 0, 30));
  BOOST_TEST(read.second == seconds_of(2025y / 10 / 26, 1, 30));
}

BOOST_AUTO_TEST_CASE(the_ends_of_a_gap_and_of_a_doubled_hour_are_exact) {
  const auto paris = in("Europe/Paris");
  using enum local_reading::kind;
  BOOST_TEST((paris->read_local(seconds_of(2025y / 3 / 30, 2) - 1).is == once));
  BOOST_TEST((paris->read_local(seconds_of(2025y / 3 / 30, 2)).is == skipped));
  BOOST_TEST((paris->read_local(seconds_of(2025y / 3 / 30, 3)).is == once));
  BOOST_TEST((paris->read_local(seconds_of(2025y / 10 / 26, 2) - 1).is == once));
  BOOST_TEST((paris->read_local(seconds_of(2025y / 10 / 26, 2)).is == twice));
  BOOST_TEST((paris->read_local(seconds_of(2025y / 10 / 26, 3)).is == once));
}

BOOST_AUTO_TEST_CASE(a_whole_day_can_be_skipped) {
  const auto read = in("Pacific/Apia")->read_local(seconds_of(2011y / 12 / 30, 12)); // crossed the date line
  BOOST_TEST((read.is == local_reading::kind::skipped));
  BOOST_TEST(read.first == seconds_of(2011y / 12 / 30, 10));
}

BOOST_AUTO_TEST_CASE(half_an_hour_of_daylight_saving_is_one) {
  const auto read = in("Australia/Lord_Howe")->read_local(seconds_of(2025y / 10 / 5, 2, 15));
  BOOST_TEST((read.is == local_reading::kind::skipped));
  BOOST_TEST(read.first == seconds_of(2025y / 10 / 4, 15, 30));
}

BOOST_AUTO_TEST_CASE(an_unknown_zone_is_told_with_the_one_that_was_meant) {
  const auto found = source.find("Europe/Pariss");
  BOOST_TEST(found.error().message == "there is no time zone \"Europe/Pariss\"");
  BOOST_TEST(found.error().hint == "did you mean Europe/Paris?");
}

BOOST_AUTO_TEST_CASE(names_do_not_lead_out_of_the_folder) {
  for (const auto* name :
       {"", "../etc/passwd", "/etc/passwd", "Europe/../../passwd", "Europe", ".", "tzdata.zi", "a b"})
    BOOST_TEST((source.find(name).error().what == troupe::fault::not_found), name);
}

BOOST_AUTO_TEST_CASE(without_tzdata_the_hint_says_what_to_install) {
  BOOST_TEST(system_zones("/nowhere").find("Europe/Paris").error().hint == "install the package tzdata");
}

BOOST_AUTO_TEST_CASE(every_zone_of_the_system_is_read) {
  std::ifstream table("/usr/share/zoneinfo/tzdata.zi");
  std::size_t count = 0;
  for (std::string line; std::getline(table, line);) {
    // "Z Europe/Paris 0:9:21 …" and "L Europe/Paris Monaco"
    std::istringstream words(line);
    std::string kind, first, second;
    words >> kind >> first >> second;
    const std::string name = kind == "Z" ? first : kind == "L" ? second : "UTC";
    BOOST_TEST(source.find(name).has_value(), name);
    count += kind == "Z" || kind == "L" ? 1 : 0;
  }
  BOOST_TEST_MESSAGE(count << " zones");
}

BOOST_AUTO_TEST_CASE(an_old_file_without_a_rule_is_read) {
  const auto read = tzif_zone::read(small_file()).value();
  BOOST_TEST(read->offset_at(99) == 3'600);
  BOOST_TEST(read->offset_at(100) == 7'200);
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_wherever_it_ends) {
  const std::string whole = small_file();
  for (std::size_t length = 0; length < whole.size(); ++length)
    BOOST_TEST((tzif_zone::read(whole.substr(0, length)).error().what == troupe::fault::corrupt), length);
}

BOOST_AUTO_TEST_CASE(a_file_that_names_an_offset_it_does_not_have_is_refused) {
  std::string bytes = small_file();
  bytes[48] = '\7'; // the kind of the change
  BOOST_TEST(!tzif_zone::read(bytes).has_value());
}

BOOST_AUTO_TEST_CASE(rules_are_read_in_each_of_their_forms) {
  BOOST_TEST(posix_rule::parse("<+0530>-5:30")->offset_at(0) == 19'800);
  BOOST_TEST(posix_rule::parse("XXX3EDT4,0/0,J365/23")->offset_at(seconds_of(2025y / 6 / 1)) == ahead(-4));
  BOOST_TEST(posix_rule::parse("AAA0BBB,J60/0,J61/0")->offset_at(seconds_of(2024y / 3 / 1, 12)) == ahead(1));
  BOOST_TEST(posix_rule::parse("AAA0BBB,59/0,60/0")->offset_at(seconds_of(2024y / 2 / 29, 12)) == ahead(1));
}

BOOST_AUTO_TEST_CASE(what_is_no_rule_is_refused) {
  for (const auto* text : {"", "CET", "C-1", "CET-1CEST", "CET-1CEST,M3.5.0", "CET-1CEST,M13.5.0,M10.5.0",
                           "CET-1CEST,M3.5.0,M10.5.0x", "<+03-3", "CET-1CEST,M3.6.0,M10.5.0", "CET-25",
                           "CET-1CEST,J0,J1", "CET-1CEST,366,1", "CET-1CEST,M3.5.0/168,M10.5.0"})
    BOOST_TEST(!posix_rule::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(rules_no_clock_could_follow_are_refused) {
  for (const auto* text : {"CET-20", "CET16", "CET-15CST", "CET-1CST20,4,4",
                           "CET-1CEST,J1/0,J365/167", // ends after it has begun again
                           "CET-1CEST,M3.5.0,J86/2"}) // begins first in some years only
    BOOST_TEST(!posix_rule::parse(text).has_value(), text);
}

BOOST_AUTO_TEST_CASE(summer_time_all_the_year_round_is_a_rule) {
  const auto rule = posix_rule::parse("EST5EDT,0/0,J365/25");
  BOOST_REQUIRE(rule.has_value());
  BOOST_TEST(rule->offset_at(seconds_of(2025y / 1 / 1)) == ahead(-4));
}

BOOST_AUTO_TEST_SUITE_END()
