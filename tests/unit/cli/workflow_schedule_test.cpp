#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using nlohmann::json;
using test::cli_fixture;

namespace {

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> lines;
  std::istringstream from(text);
  for (std::string line; std::getline(from, line);)
    lines.push_back(json::parse(line));
  return lines;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(workflow_schedule_command, cli_fixture)

BOOST_AUTO_TEST_CASE(times_are_shown_in_utc_and_by_the_wall_clock) {
  BOOST_TEST(troupe({"workflow", "schedule", "next", "30 2 * * *", "--timezone", "Europe/Paris", "--after",
                     "2025-03-29T12:00:00Z", "--count", "2"}) == 0);
  BOOST_TEST(out.str() == "2025-03-30T01:00:00Z  Sun 03:00 +02:00\n2025-03-31T00:30:00Z  Mon 02:30 +02:00\n");
}

BOOST_AUTO_TEST_CASE(offsets_behind_utc_have_their_sign) {
  BOOST_TEST(troupe({"workflow", "schedule", "next", "@daily", "--timezone", "America/St_Johns", "--after",
                     "2026-01-01T00:00:00Z", "--count", "1"}) == 0);
  BOOST_TEST(out.str() == "2026-01-01T03:30:00Z  Thu 00:00 -03:30\n");
}

BOOST_AUTO_TEST_CASE(five_times_from_now_unless_told) {
  BOOST_TEST(troupe({"workflow", "schedule", "next", "@hourly", "-o", "json"}) == 0);
  BOOST_REQUIRE(document()["next"].size() == 5u);
  BOOST_TEST(document()["next"][0] == "2026-05-28T21:00:00Z"); // the clock says 20:26:40
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_refused_with_a_hint) {
  BOOST_TEST(troupe({"workflow", "schedule", "next", "0 0 31 2 *"}) == 2);
  BOOST_TEST(err.str().find("no year has such a day") != std::string::npos);
  BOOST_TEST(troupe({"workflow", "schedule", "next", "@daily", "--timezone", "Europe/Pari"}) == 2);
  BOOST_TEST(err.str().find("did you mean Europe/Paris?") != std::string::npos);
  BOOST_TEST(troupe({"workflow", "schedule", "next", "@daily", "--after", "today"}) == 2);
  BOOST_TEST(troupe({"workflow", "schedule", "next", "@daily", "--count", "0"}) == 2);
  BOOST_TEST(troupe({"workflow", "schedule", "next"}) == 2);
}

BOOST_AUTO_TEST_CASE(a_time_beyond_the_outlook_is_shown_when_it_is_the_next) {
  BOOST_TEST(troupe({"workflow", "schedule", "next", "0 0 29 2 */7", "--after", "2033-01-01T00:00:00Z", "-o",
                     "json"}) == 0);
  BOOST_TEST(document()["next"] == json::array({"2060-02-29T00:00:00Z"}));
}

BOOST_AUTO_TEST_CASE(each_line_gets_its_answer) {
  in.str(R"({"cron": "@yearly", "timezone": "UTC", "after": "2026-01-31T22:30:00Z", "count": 2, "next": []}
{"cron": "60 * * * *", "timezone": "UTC", "after": "2026-01-01T00:00:00Z", "error": true}
{"cron": "@daily", "timezone": "Mars"}
{"cron": "@daily", "after": "soon"}
{"cron": "@daily", "count": 1001}
{"cron": 5}
[]
{"cron": "0 0 29 2 *", "after": "2024-06-26T23:56:00Z"}
)");
  BOOST_TEST(troupe({"workflow", "schedule", "next", "--jsonl"}) == 0);
  const auto lines = lines_of(out.str());
  BOOST_REQUIRE(lines.size() == 8u);
  BOOST_TEST(lines[0] == json({{"next", {"2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"}}}));
  BOOST_TEST(
      lines[1] ==
      json({{"error", {{"code", "invalid"}, {"message", "the minute is 0 to 59, not 60"}, {"at", 0}}}}));
  BOOST_TEST(lines[2]["error"]["message"] == "there is no time zone \"Mars\"");
  BOOST_TEST(lines[3]["error"]["message"] == "\"soon\" is no instant");
  BOOST_TEST(lines[4].contains("error"));
  BOOST_TEST(lines[5].contains("error"));
  BOOST_TEST(lines[6].contains("error"));
  BOOST_TEST(lines[7] == json({{"next", {"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"}}}));
}

BOOST_AUTO_TEST_SUITE_END()
