#include "workflows/schedule/cron.hpp"

#include "config/expression/moment.hpp"
#include "config/time_zone/system_zones.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace troupe;
using nlohmann::json;
using workflow::cron;

namespace {

const time_zone::system_zones zones;

instant at(const std::string& text) {
  return from_ms(expression::parse_timestamp(text).value().seconds * 1'000);
}

std::string shown(instant t) { return expression::format(expression::timestamp{to_ms(t) / 1'000, 0}); }

std::vector<std::string> coming(const std::string& text, const std::string& after, std::size_t count,
                                const std::string& zone = "UTC") {
  const auto read = cron::parse(text).value();
  const auto in = zones.find(zone).value();
  std::vector<std::string> found;
  const instant until = at(after) + std::chrono::years(8);
  for (auto next = read.next(at(after), until, *in); next && found.size() < count;
       next = read.next(*next, until, *in))
    found.push_back(shown(*next));
  return found;
}

using times = std::vector<std::string>;

std::string mistake(const std::string& text) {
  const auto read = cron::parse(text);
  return read ? "none"
              : "[" + text.substr(read.error().begin, read.error().end - read.error().begin) + "] " +
                    read.error().message;
}

std::string hint(const std::string& text) { return cron::parse(text).error().hint; }

struct vectors {
  std::vector<json> rows;

  vectors() {
    std::ifstream file(std::string(TROUPE_SHARED_DATA) + "/schedules/cron.jsonl");
    for (std::string line; std::getline(file, line);)
      rows.push_back(json::parse(line));
    if (rows.empty())
      BOOST_TEST_MESSAGE("skipped: " TROUPE_SHARED_DATA "/schedules/cron.jsonl is not there");
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cron_vectors, vectors)

BOOST_AUTO_TEST_CASE(each_row_gives_its_instants) {
  for (const json& row : rows) {
    if (!row.contains("next"))
      continue;
    const auto expected = row["next"].get<times>();
    const auto got = coming(row["cron"], row["after"], 5, row["timezone"]);
    BOOST_TEST(got == expected,
               row["cron"] << " in " << row["timezone"] << " gave " << json(got) << ", not " << row["next"]);
  }
}

BOOST_AUTO_TEST_CASE(each_row_to_refuse_is_refused) {
  for (const json& row : rows)
    BOOST_TEST(cron::parse(row["cron"].get<std::string>()).has_value() == !row.contains("error"),
               row["cron"]);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(cron_expressions)

BOOST_AUTO_TEST_CASE(names_ranges_steps_and_lists_are_read) {
  BOOST_TEST(coming("0 9 * jan,MAR mon", "2026-01-01T00:00:00Z", 2) ==
             (times{"2026-01-05T09:00:00Z", "2026-01-12T09:00:00Z"}));
  BOOST_TEST(coming("5-15/5 0 1 1 *", "2026-01-01T00:00:00Z", 4) ==
             (times{"2026-01-01T00:05:00Z", "2026-01-01T00:10:00Z", "2026-01-01T00:15:00Z",
                    "2027-01-01T00:05:00Z"}));
  BOOST_TEST(coming(" 0\t0  * * 7 ", "2026-01-01T00:00:00Z", 1) == times{"2026-01-04T00:00:00Z"});
  BOOST_TEST(coming("0 0 * * FRI-SUN", "2026-01-01T00:00:00Z", 3) ==
             (times{"2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z"}));
}

BOOST_AUTO_TEST_CASE(short_forms_are_read) {
  BOOST_TEST(coming("@hourly", "2026-01-01T00:30:00Z", 1) == times{"2026-01-01T01:00:00Z"});
  BOOST_TEST(coming("@yearly", "2026-01-01T00:00:00Z", 1) == times{"2027-01-01T00:00:00Z"});
  BOOST_TEST(coming("@midnight", "2026-01-01T00:00:00Z", 1) == times{"2026-01-02T00:00:00Z"});
}

BOOST_AUTO_TEST_CASE(restricted_days_of_month_and_week_both_count) {
  BOOST_TEST(coming("0 0 13 * FRI", "2026-02-01T00:00:00Z", 3) ==
             (times{"2026-02-06T00:00:00Z", "2026-02-13T00:00:00Z", "2026-02-20T00:00:00Z"}));
  BOOST_TEST(coming("0 0 */13 * FRI", "2026-02-01T00:00:00Z", 1) == times{"2026-02-27T00:00:00Z"});
}

BOOST_AUTO_TEST_CASE(a_skipped_time_comes_once_at_the_end_of_the_gap) {
  BOOST_TEST(coming("0,30 2 * * *", "2025-03-29T12:00:00Z", 3, "Europe/Paris") ==
             (times{"2025-03-30T01:00:00Z", "2025-03-31T00:00:00Z", "2025-03-31T00:30:00Z"}));
  BOOST_TEST(coming("0,30 2,3 * * *", "2025-03-30T00:00:00Z", 2, "Europe/Paris") ==
             (times{"2025-03-30T01:00:00Z", "2025-03-30T01:30:00Z"}));
}

BOOST_AUTO_TEST_CASE(a_doubled_time_comes_at_its_first_pass) {
  BOOST_TEST(coming("30 2 * * *", "2025-10-25T12:00:00Z", 2, "Europe/Paris") ==
             (times{"2025-10-26T00:30:00Z", "2025-10-27T01:30:00Z"}));
  BOOST_TEST(coming("30 2 * * *", "2025-10-26T00:45:00Z", 1, "Europe/Paris") ==
             times{"2025-10-27T01:30:00Z"});
}

BOOST_AUTO_TEST_CASE(a_free_hour_follows_elapsed_time) {
  BOOST_TEST(coming("30 * * * *", "2025-10-26T00:00:00Z", 3, "Europe/Paris") ==
             (times{"2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2025-10-26T02:30:00Z"}));
  BOOST_TEST(coming("30 */1 * * *", "2025-03-30T00:00:00Z", 2, "Europe/Paris") ==
             (times{"2025-03-30T00:30:00Z", "2025-03-30T01:30:00Z"}));
}

BOOST_AUTO_TEST_CASE(a_time_on_a_day_that_a_zone_skipped_comes_at_its_end) {
  BOOST_TEST(coming("0 12 30 12 *", "2011-12-29T00:00:00Z", 1, "Pacific/Apia") ==
             times{"2011-12-30T10:00:00Z"});
}

BOOST_AUTO_TEST_CASE(a_leap_day_is_found_beyond_a_century_without_one) {
  BOOST_TEST(coming("0 0 29 2 *", "2096-02-29T00:00:00Z", 1) == times{"2104-02-29T00:00:00Z"});
}

BOOST_AUTO_TEST_CASE(parts_of_a_second_do_not_bring_a_time_back) {
  const auto daily = cron::parse("@daily").value();
  const auto utc = zones.find("UTC").value();
  const instant midnight = at("2026-01-02T00:00:00Z");
  BOOST_TEST((daily.next(midnight - milliseconds(1), never, *utc) == midnight));
  BOOST_TEST((daily.next(midnight + milliseconds(1), never, *utc) == midnight + std::chrono::days(1)));
}

BOOST_AUTO_TEST_CASE(nothing_comes_outside_the_window_or_the_calendar) {
  const auto daily = cron::parse("@daily").value();
  const auto utc = zones.find("UTC").value();
  const instant midnight = at("2026-01-02T00:00:00Z");
  BOOST_TEST((daily.next(midnight - milliseconds(1), midnight, *utc) == midnight));
  BOOST_TEST(!daily.next(midnight, midnight + std::chrono::hours(23), *utc).has_value());
  BOOST_TEST(!daily.next(at("9999-12-31T12:00:00Z"), never, *utc).has_value());
  BOOST_TEST((daily.next(instant::min(), never, *utc) == at("0001-01-02T00:00:00Z")));
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_where_they_are) {
  BOOST_TEST(mistake("") == "[] the cron expression is empty");
  BOOST_TEST(mistake("* * * *") == "[* * * *] a cron expression has five fields, not 4");
  BOOST_TEST(mistake("0 * * * * *") == "[*] a cron expression has five fields, not 6");
  BOOST_TEST(mistake("60 * * * *") == "[60] the minute is 0 to 59, not 60");
  BOOST_TEST(mistake("0 0 0 * *") == "[0] the day of month is 1 to 31, not 0");
  BOOST_TEST(mistake("0 99999999999999999999 * * *") ==
             "[99999999999999999999] the hour is 0 to 23, not 99999999999999999999");
  BOOST_TEST(mistake("30-10 * * * *") == "[30-10] a range goes up, not from 30 to 10");
  BOOST_TEST(mistake("0 0 * * MON-") == "[] the day of week has a range with an open end");
  BOOST_TEST(mistake("1,,2 * * * *") == "[1,,2] the minute has an empty item");
  BOOST_TEST(mistake("1, * * * *") == "[1,] the minute has an empty item");
  BOOST_TEST(mistake("*/0 * * * *") == "[*/0] a step of 0 goes nowhere");
  BOOST_TEST(mistake("*/x * * * *") == "[*/x] the step of the minute is no number");
  BOOST_TEST(mistake("*/ * * * *") == "[*/] the step of the minute is no number");
  BOOST_TEST(mistake("5/10 * * * *") == "[5/10] a step needs a range");
  BOOST_TEST(mistake("0 0 L * *") ==
             "[L] \"L\" is not part of this cron: ?, L, W and # belong to other ones");
  BOOST_TEST(mistake("-1 * * * *") == "[-1] \"-1\" is no minute");
  BOOST_TEST(mistake("0 0 31 2 *") == "[0 0 31 2 *] no year has such a day");
  BOOST_TEST(mistake("0 0 31 4,6,9,11 *") == "[0 0 31 4,6,9,11 *] no year has such a day");
  BOOST_TEST(mistake("@reboot") == "[@reboot] there is no \"@reboot\"");
}

BOOST_AUTO_TEST_CASE(mistakes_come_with_what_to_write) {
  BOOST_TEST(hint("0 0 * * MOM") == "did you mean MON?");
  BOOST_TEST(hint("5/10 * * * *") == "write */5, or 5-59/10");
  BOOST_TEST(hint("@dayly") == "did you mean @daily?");
  BOOST_TEST(hint("* * * *") == "minute, hour, day of month, month, day of week");
}

BOOST_AUTO_TEST_CASE(the_thirty_first_of_february_or_a_monday_comes_on_mondays) {
  BOOST_TEST(coming("0 0 31 2 MON", "2026-01-01T00:00:00Z", 1) == times{"2026-02-02T00:00:00Z"});
}

BOOST_AUTO_TEST_SUITE_END()
