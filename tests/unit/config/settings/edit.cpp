#include "config/settings/settings.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::config {
namespace {

result<std::string> edit(std::string text, std::string_view key, std::string_view value) {
  return with_setting(source("troupe.yaml", std::move(text)), key, value);
}

BOOST_AUTO_TEST_SUITE(editing)

BOOST_AUTO_TEST_CASE(a_value_is_replaced_where_it_stands) {
  BOOST_TEST(edit("# mine\nhttp:\n  port: 1   # why\nlog: {level: info}\n", "http.port", "8080").value() ==
             "# mine\nhttp:\n  port: 8080   # why\nlog: {level: info}\n");
}

BOOST_AUTO_TEST_CASE(a_new_setting_is_added_at_the_end_by_its_dotted_name) {
  BOOST_TEST(edit("http:\n  port: 1", "log.level", "warn").value() == "http:\n  port: 1\nlog.level: warn\n");
}

BOOST_AUTO_TEST_CASE(the_first_setting_of_an_empty_file_is_its_only_line) {
  BOOST_TEST(edit("", "http.port", "0").value() == "http.port: 0\n");
}

BOOST_AUTO_TEST_CASE(a_value_is_written_in_its_shortest_form) {
  BOOST_TEST(edit("", "runtime.turn_limit", "90s").value() == "runtime.turn_limit: 1m30s\n");
}

BOOST_AUTO_TEST_CASE(text_that_yaml_would_misread_is_quoted) {
  BOOST_TEST(edit("", "node.name", "7").value() == "node.name: \"7\"\n");
  BOOST_TEST(edit("", "models.default.url", "http://a/b").value() == "models.default.url: \"http://a/b\"\n");
  BOOST_TEST(edit("", "data.dir", "a # b").value() == "data.dir: \"a # b\"\n");
  BOOST_TEST(edit("", "log.file", "").value() == "log.file: \"\"\n");
}

BOOST_AUTO_TEST_CASE(a_value_in_json_stays_json) {
  BOOST_TEST(edit(R"({"node": {"name": "a"}})", "node.name", "b").value() == R"({"node": {"name": "b"}})");
}

BOOST_AUTO_TEST_CASE(json_is_not_extended) {
  BOOST_TEST((edit("{\"http\": {}}", "node.name", "b").error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(a_wrong_value_changes_nothing) {
  BOOST_TEST((edit("", "http.port", "70000").error().what == fault::refused));
  BOOST_TEST((edit("", "http.prot", "1").error().what == fault::not_found));
}

BOOST_AUTO_TEST_CASE(a_file_with_errors_is_not_edited) {
  const error e = edit("http: {prot: 1}", "http.port", "1").error();
  BOOST_TEST(e.message == "troupe.yaml:1:8: there is no setting http.prot");
  BOOST_TEST(e.hint == "did you mean http.port?");
}

BOOST_AUTO_TEST_CASE(a_value_that_others_share_is_not_edited) {
  BOOST_TEST(
      (edit("runtime:\n  call_deadline: 10s\n  turn_limit: 10s\n...\n", "log.level", "warn").error().what ==
       fault::refused));
}

BOOST_AUTO_TEST_CASE(an_alias_is_replaced_and_its_anchor_kept) {
  BOOST_TEST(edit("retention: {history: &t 10h, ingress: *t}\n", "retention.ingress", "2h").value() ==
             "retention: {history: &t 10h, ingress: 2h}\n");
}

BOOST_AUTO_TEST_CASE(an_anchor_that_others_use_is_not_edited) {
  BOOST_TEST((edit("retention: {history: &t 10h, ingress: *t}\n", "retention.history", "2h").error().what ==
              fault::refused));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
