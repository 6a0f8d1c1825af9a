#include "cli/log/spdlog_sink.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <sstream>

using namespace troupe;
using gateway::log_level;
using gateway::log_record;

namespace {

log_record record() {
  return {
      from_ms(0), log_level::warn, "billing", "slow\nreply", {"T1", "ada", "pay", R"({"apiKey":"k","n":1})"}};
}

} // namespace

BOOST_AUTO_TEST_SUITE(log_lines)

BOOST_AUTO_TEST_CASE(a_json_line_has_the_promised_fields) {
  auto line = nlohmann::json::parse(cli::log_line_json(record()));
  BOOST_TEST(line["time"] == "1970-01-01T00:00:00.000Z");
  BOOST_TEST(line["level"] == "warn");
  BOOST_TEST(line["service"] == "billing");
  BOOST_TEST(line["correlationId"] == "T1");
  BOOST_TEST(line["userId"] == "ada");
  BOOST_TEST(line["action"] == "pay");
  BOOST_TEST(line["metadata"]["n"] == 1);
}

BOOST_AUTO_TEST_CASE(a_secret_never_reaches_a_line) {
  BOOST_TEST(cli::log_line_json(record()).find("\"k\"") == std::string::npos);
  BOOST_TEST(cli::log_line_text(record(), false).find("\"k\"") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_text_line_shows_metadata_only_when_something_is_wrong) {
  auto fine = record();
  fine.level = log_level::info;
  BOOST_TEST(cli::log_line_text(fine, false) ==
             "1970-01-01T00:00:00.000Z info  billing: slow reply user=ada trace=T1");
  BOOST_TEST(cli::log_line_text(record(), false).ends_with(R"({"apiKey":"[redacted]","n":1})"));
}

BOOST_AUTO_TEST_CASE(unreadable_metadata_is_not_written) {
  auto broken = record();
  broken.fields.metadata = "password=hunter2";
  BOOST_TEST(cli::log_line_json(broken).find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_record_is_one_line_in_both_formats) {
  BOOST_TEST(cli::log_line_json(record()).find('\n') == std::string::npos);
  BOOST_TEST(cli::log_line_text(record(), false).find('\n') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_sink_writes_from_its_level_up) {
  std::ostringstream stream;
  auto sink = cli::make_spdlog_sink({"warn", true, false, {}}, stream).value();
  BOOST_TEST(!sink->enabled(log_level::info));
  sink->write(record());
  BOOST_TEST(stream.str() == cli::log_line_json(record()) + "\n");
}

BOOST_AUTO_TEST_CASE(a_log_file_that_cannot_be_written_is_an_error) {
  std::ostringstream stream;
  BOOST_TEST(!cli::make_spdlog_sink({"info", true, false, "/proc/none/app.log"}, stream));
}

BOOST_AUTO_TEST_SUITE_END()
