#include "config/settings/settings.hpp"

#include "config/invariant.hpp"

#include <array>
#include <boost/test/unit_test.hpp>

namespace troupe::config {
namespace {

constexpr std::array with_secret{
    setting{"door.port", value_type::count, "1", "The port of the door.", 0, 9},
    setting{"door.token", value_type::url, "http://none", "The token of the door.", 0, 0, {}, {}, true},
    setting{"door.open", value_type::boolean, "false", "Whether the door is open."}};

settings load(const setting_sources& from, std::span<const setting> table = settings_table()) {
  diagnostics found;
  auto loaded = settings::load(from, found, table);
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), render_text(found, 1));
  BOOST_REQUIRE_MESSAGE(found.empty(), render_text(found, 1));
  return std::move(*loaded);
}

diagnostics refuse(const setting_sources& from, std::span<const setting> table = settings_table()) {
  diagnostics found;
  BOOST_REQUIRE(!settings::load(from, found, table).has_value());
  BOOST_REQUIRE(found.errors() > 0);
  return found;
}

setting_sources project(std::string text) {
  setting_sources from;
  from.project_file.emplace("./troupe.yaml", std::move(text));
  return from;
}

std::string first_line(const diagnostics& found) {
  const std::string text = render_text(found.items().front());
  return text.substr(0, text.find('\n'));
}

BOOST_AUTO_TEST_SUITE(loading)

BOOST_AUTO_TEST_CASE(without_sources_the_defaults_hold) {
  const settings s = load({});
  BOOST_TEST(s.count("http.port") == 7'070);
  BOOST_TEST(s.text("data.dir") == "./.troupe");
  BOOST_TEST(s.bytes("storage.blob_threshold") == 32'768);
  BOOST_TEST(s.duration("runtime.turn_limit").count() == 10'000);
}

BOOST_AUTO_TEST_CASE(a_flag_beats_environment_beats_project_beats_user_beats_default) {
  setting_sources from = project("http: {port: 3}\nlog: {level: warn}\nnode: {name: p}");
  from.user_file.emplace("~/.config/troupe/config.yaml",
                         "http: {port: 4}\nlog: {level: error}\ndata: {dir: /u}\nnode: {name: u}");
  from.environment = {{"TROUPE_HTTP_PORT", "2"}, {"TROUPE_LOG_LEVEL", "debug"}};
  from.flags = {{"http.port", {"1"}}};
  const settings s = load(from);
  BOOST_TEST(s.count("http.port") == 1);
  BOOST_TEST(s.text("log.level") == "debug");
  BOOST_TEST(s.text("node.name") == "p");
  BOOST_TEST(s.text("data.dir") == "/u");
  BOOST_TEST(s.text("http.bind") == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(keys_may_be_nested_or_dotted) {
  const settings s =
      load(project("models:\n  default.model: m\n  validation_retries: 1\nruntime.threads: 4\n"));
  BOOST_TEST(s.text("models.default.model") == "m");
  BOOST_TEST(s.count("models.validation_retries") == 1);
  BOOST_TEST(s.count("runtime.threads") == 4);
}

BOOST_AUTO_TEST_CASE(an_empty_file_and_an_empty_group_say_nothing) {
  BOOST_TEST(load(project("")).count("http.port") == 7'070);
  BOOST_TEST(load(project("http:\n  # port: 1\n")).count("http.port") == 7'070);
}

BOOST_AUTO_TEST_CASE(a_settings_file_may_be_json) {
  BOOST_TEST(load(project(R"({"http": {"port": 9}})")).count("http.port") == 9);
}

BOOST_AUTO_TEST_CASE(sizes_may_be_plain_bytes) {
  BOOST_TEST(load(project("storage: {blob_threshold: 2048}")).bytes("storage.blob_threshold") == 2'048);
}

BOOST_AUTO_TEST_CASE(an_empty_variable_is_none) {
  setting_sources from;
  from.environment = {{"TROUPE_HTTP_PORT", ""}, {"PATH", "/bin"}};
  BOOST_TEST(load(from).count("http.port") == 7'070);
}

BOOST_AUTO_TEST_CASE(booleans_are_read) {
  BOOST_TEST(load(project("door: {open: true}"), with_secret).boolean("door.open"));
}

BOOST_AUTO_TEST_CASE(asking_for_what_is_not_in_the_table_breaks_an_invariant) {
  BOOST_CHECK_THROW((void)load({}).text("no.such"), broken_invariant);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(wrong_settings)

BOOST_AUTO_TEST_CASE(an_unknown_key_is_shown_with_the_one_that_was_meant) {
  BOOST_TEST(render_text(refuse(project("http:\n  prot: 1\n")), 1) ==
             "./troupe.yaml:2:3: error: there is no setting http.prot [TC0201]\n"
             "    2 |   prot: 1\n"
             "      |   ^^^^\n"
             "   hint: did you mean http.port?\n"
             "1 error, 0 warnings in 1 file\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_group_is_shown_with_the_one_that_was_meant) {
  const diagnostics found = refuse(project("htpp: {port: 1}"));
  BOOST_TEST(found.items()[0].hint == "did you mean http?");
  BOOST_TEST(found.errors() == 1U);
}

BOOST_AUTO_TEST_CASE(an_unknown_flag_is_an_error) {
  setting_sources from;
  from.flags = {{"http.prot", {"1"}}};
  BOOST_TEST(first_line(refuse(from)) == "--http.prot: error: there is no setting http.prot [TC0201]");
}

BOOST_AUTO_TEST_CASE(an_unknown_variable_is_a_warning) {
  setting_sources from;
  from.environment = {{"TROUPE_HTTP_PROT", "1"}};
  diagnostics found;
  BOOST_TEST(settings::load(from, found).has_value());
  BOOST_TEST(render_text(found.items().at(0)) ==
             "TROUPE_HTTP_PROT: warning: this variable names no setting [TC0207]\n"
             "   hint: did you mean TROUPE_HTTP_PORT?\n");
}

BOOST_AUTO_TEST_CASE(text_where_a_number_belongs_has_the_wrong_type) {
  BOOST_TEST(first_line(refuse(project("http: {port: \"80\"}"))) ==
             "./troupe.yaml:1:14: error: http.port takes a whole number, not text [TC0202]");
}

BOOST_AUTO_TEST_CASE(a_number_where_text_belongs_asks_for_quotes) {
  const diagnostics found = refuse(project("node: {name: 7}"));
  BOOST_TEST(first_line(found) == "./troupe.yaml:1:14: error: node.name takes text, not an integer [TC0202]");
  BOOST_TEST(found.items()[0].hint == "quote the value");
}

BOOST_AUTO_TEST_CASE(a_number_where_a_duration_belongs_asks_for_a_unit) {
  const diagnostics found = refuse(project("runtime: {turn_limit: 10}"));
  BOOST_TEST(first_line(found) ==
             "./troupe.yaml:1:23: error: runtime.turn_limit takes a duration, not an integer [TC0202]");
  BOOST_TEST(found.items()[0].hint == "give a unit: 250ms, 30s, 5m, 2h or 1d");
}

BOOST_AUTO_TEST_CASE(text_where_a_boolean_belongs_has_the_wrong_type) {
  BOOST_TEST(first_line(refuse(project("door: {open: yes}"), with_secret)) ==
             "./troupe.yaml:1:14: error: door.open takes true or false, not text [TC0202]");
}

BOOST_AUTO_TEST_CASE(a_list_where_one_value_belongs_shows_an_example) {
  BOOST_TEST(refuse(project("http: {port: [1]}")).items()[0].hint ==
             "it takes one value, such as http.port: 7070");
}

BOOST_AUTO_TEST_CASE(a_key_without_a_value_names_the_default) {
  BOOST_TEST(refuse(project("http:\n  port:\n")).items()[0].hint ==
             "remove the line to have the default, 7070");
}

BOOST_AUTO_TEST_CASE(a_value_that_cannot_be_read_is_shown) {
  BOOST_TEST(first_line(refuse(project("runtime: {turn_limit: soon}"))) ==
             "./troupe.yaml:1:23: error: runtime.turn_limit: \"soon\" is no duration [TC0203]");
}

BOOST_AUTO_TEST_CASE(a_value_out_of_bounds_shows_them) {
  const diagnostics found = refuse(project("http: {port: 70000}"));
  BOOST_TEST(first_line(found) ==
             "./troupe.yaml:1:14: error: http.port: the value is out of bounds [TC0204]");
  BOOST_TEST(found.items()[0].hint == "allowed: 0 to 65535");
}

BOOST_AUTO_TEST_CASE(a_wrong_flag_or_variable_names_itself) {
  setting_sources from;
  from.flags = {{"http.port", {"x"}}};
  from.environment = {{"TROUPE_RUNTIME_THREADS", "-1"}};
  const diagnostics found = refuse(from);
  BOOST_TEST(first_line(found) == "--http.port: error: http.port: \"x\" is no whole number [TC0203]");
  BOOST_TEST(found.items()[1].file == "TROUPE_RUNTIME_THREADS");
  BOOST_TEST(found.items()[1].code == "TC0204");
}

BOOST_AUTO_TEST_CASE(a_setting_both_nested_and_dotted_is_shown_with_both_places) {
  const diagnostics found = refuse(project("http.port: 1\nhttp: {port: 2}\n"));
  BOOST_TEST(first_line(found) == "./troupe.yaml:2:8: error: http.port is set twice in this file [TC0205]");
  BOOST_TEST(found.items()[0].notes[0].where.begin.line == 1U);
}

BOOST_AUTO_TEST_CASE(settings_that_contradict_each_other_are_refused) {
  setting_sources from = project("supervision: {backoff_max: 1s}");
  from.flags = {{"supervision.backoff_initial", {"2s", "--pause"}}};
  BOOST_TEST(first_line(refuse(from)) ==
             "--pause: error: supervision.backoff_initial (2s, --pause) "
             "is above supervision.backoff_max (1s, ./troupe.yaml:1:28) [TC0206]");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_no_map_is_refused) {
  BOOST_TEST(first_line(refuse(project("- http"))) ==
             "./troupe.yaml:1:1: error: a settings file is a map of keys to values, not a list [TC0208]");
}

BOOST_AUTO_TEST_CASE(a_group_that_is_no_map_lists_its_settings) {
  BOOST_TEST(
      refuse(project("http: 80")).items()[0].hint.starts_with("its settings are http.bind, http.port"));
}

BOOST_AUTO_TEST_CASE(everything_wrong_in_all_sources_comes_at_once) {
  setting_sources from = project("http: {port: x, prot: 1}\nlog: {level: loud}");
  from.user_file.emplace("user.yaml", "nodes: 1\n");
  from.flags = {{"no", {"1"}}};
  BOOST_TEST(refuse(from).errors() == 5U);
}

BOOST_AUTO_TEST_CASE(a_syntax_error_in_a_file_is_reported_as_such) {
  BOOST_TEST(first_line(refuse(project("http: {port: 1\n"))).starts_with("./troupe.yaml:1:7: error:"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(explaining)

BOOST_AUTO_TEST_CASE(every_sources_value_is_listed_and_the_first_won) {
  setting_sources from = project("http:\n  port: 8080\n");
  from.environment = {{"TROUPE_HTTP_PORT", "9090"}};
  BOOST_TEST(render_text(load(from).explain("http.port").value()) ==
             "http.port = 9090\n"
             "  Port of the HTTP door; 0 takes a free one and prints it.\n"
             "  Allowed: 0 to 65535\n"
             "* environment  9090             TROUPE_HTTP_PORT\n"
             "  project file 8080             ./troupe.yaml:2:9\n"
             "  default      7070             default\n");
}

BOOST_AUTO_TEST_CASE(an_explanation_has_a_json_form) {
  BOOST_TEST(
      render_json(load({}).explain("log.file").value()) ==
      R"({"key":"log.file","value":"","type":"path","doc":"File that log lines are appended to; empty means )"
      R"(standard error.","environment":"TROUPE_LOG_FILE","given":[{"source":"default","place":"default",)"
      R"("value":""}]})");
}

BOOST_AUTO_TEST_CASE(an_unknown_key_cannot_be_explained) {
  const auto refused = load({}).explain("http.prot");
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::not_found));
  BOOST_TEST(refused.error().hint == "did you mean http.port?");
}

BOOST_AUTO_TEST_CASE(all_settings_are_shown_with_where_they_come_from) {
  const std::string shown = render_text(load(project("http: {port: 1}")));
  BOOST_TEST(shown.find("http.port ") != std::string::npos);
  BOOST_TEST(shown.find("./troupe.yaml:1:14\n") != std::string::npos);
  BOOST_TEST(static_cast<std::size_t>(std::count(shown.begin(), shown.end(), '\n')) ==
             settings_table().size());
}

BOOST_AUTO_TEST_CASE(all_settings_have_a_json_form) {
  const std::string shown = render_json(load({}, with_secret));
  BOOST_TEST(shown.starts_with(R"({"items":[{"key":"door.port","value":"1")"));
  BOOST_TEST(shown.ends_with(R"(],"complete":true})"));
}

BOOST_AUTO_TEST_CASE(secrets_are_masked_everywhere) {
  const settings s = load(project("door: {token: \"https://letmein\"}"), with_secret);
  BOOST_TEST(s.text("door.token") == "https://letmein");
  const std::string all = render_text(s) + render_json(s) + render_text(s.explain("door.token").value());
  BOOST_TEST(all.find("letmein") == std::string::npos);
  BOOST_TEST(all.find("********") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_wrong_secret_is_not_repeated_not_even_as_the_source_line) {
  const std::string text = render_text(refuse(project("door: {token: hunter2}"), with_secret), 1);
  BOOST_TEST(text.find("hunter2") == std::string::npos);
  BOOST_TEST(text.find("./troupe.yaml:1:15: error: door.token: the value is not valid") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
