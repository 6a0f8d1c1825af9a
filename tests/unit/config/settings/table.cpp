#include "config/diagnostic/codes.hpp"
#include "config/settings/node_settings.hpp"
#include "config/settings/value.hpp"

#include "config/limits.hpp"

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <set>

namespace troupe::config {

std::ostream& operator<<(std::ostream& out, const setting& s) { return out << s.key; }

namespace {

namespace data = boost::unit_test::data;

std::vector<setting> rows() {
  const auto table = settings_table();
  return {table.begin(), table.end()};
}

BOOST_AUTO_TEST_SUITE(the_table)

BOOST_DATA_TEST_CASE(every_default_is_a_valid_value_as_it_would_be_written, data::make(rows())) {
  const auto parsed = parse_value(sample, sample.initial);
  BOOST_REQUIRE(parsed.has_value());
  BOOST_TEST(format_value(sample, *parsed) == sample.initial);
}

BOOST_DATA_TEST_CASE(every_setting_is_told_in_one_sentence, data::make(rows())) {
  BOOST_TEST(sample.doc.size() > 20U);
  BOOST_TEST(sample.doc.ends_with('.'));
}

BOOST_DATA_TEST_CASE(every_key_has_a_group_and_only_plain_letters, data::make(rows())) {
  BOOST_TEST(sample.key.find('.') != std::string_view::npos);
  BOOST_TEST(sample.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz._") == std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(no_two_settings_share_a_key_or_a_variable) {
  std::set<std::string> names;
  for (const setting& s : settings_table())
    names.insert(environment_name(s.key));
  BOOST_TEST(names.size() == settings_table().size());
}

BOOST_AUTO_TEST_CASE(no_key_is_the_group_of_another) {
  for (const setting& s : settings_table())
    BOOST_TEST(std::none_of(settings_table().begin(), settings_table().end(), [&](const setting& other) {
      return other.key.starts_with(std::string(s.key) + ".");
    }));
}

BOOST_AUTO_TEST_CASE(a_variable_is_the_key_in_capitals) {
  BOOST_TEST(environment_name("models.default.key_env") == "TROUPE_MODELS_DEFAULT_KEY_ENV");
}

BOOST_AUTO_TEST_CASE(consumers_get_plain_values) {
  const node_settings defaults = default_node_settings();
  BOOST_TEST(defaults.data_dir == "./.troupe");
  BOOST_TEST(defaults.node_name == "node-a");
  BOOST_TEST(defaults.http.bind == "127.0.0.1");
  BOOST_TEST(defaults.http.port == 7070);
  BOOST_TEST(defaults.log.level == "info");
  BOOST_TEST(defaults.log.format == "text");
  BOOST_TEST(defaults.runtime.passivate_after.count() == 120'000);
  BOOST_TEST(defaults.runtime.turn_limit.count() == 10'000);
  BOOST_TEST(defaults.runtime.mailbox_max == 1'000U);
  BOOST_TEST(defaults.runtime.sender_pending_max == 100'000U);
  BOOST_TEST(defaults.runtime.call_deadline.count() == 30'000);
  BOOST_TEST(defaults.storage.blob_threshold_bytes == limits::blob_threshold_bytes);
  BOOST_TEST(defaults.storage.wal_alarm_bytes == 512 * limits::mib);
  BOOST_TEST(defaults.retention.history == std::chrono::hours(7 * 24));
  BOOST_TEST(defaults.retention.dead_letters == std::chrono::hours(30 * 24));
  BOOST_TEST(defaults.retention.ingress == std::chrono::hours(24));
  BOOST_TEST(defaults.supervision.max_restarts == 3U);
  BOOST_TEST(defaults.supervision.within.count() == 10'000);
  BOOST_TEST(defaults.supervision.backoff_initial.count() == 100);
  BOOST_TEST(defaults.supervision.backoff_max.count() == 30'000);
  BOOST_TEST(defaults.default_model.provider == "openai");
  BOOST_TEST(defaults.default_model.timeout.count() == 60'000);
  BOOST_TEST(defaults.default_model.validation_retries == 2U);
}

/// Each setting but models.default.provider, which has one choice yet, as something other than its default.
setting_sources all_given() {
  setting_sources from;
  from.flags = {{"data.dir", {"/d"}},
                {"node.name", {"n"}},
                {"http.bind", {"::1"}},
                {"http.port", {"1"}},
                {"log.level", {"warn"}},
                {"log.format", {"json"}},
                {"log.file", {"/l"}},
                {"runtime.threads", {"2"}},
                {"runtime.passivate_after", {"3s"}},
                {"runtime.turn_limit", {"4s"}},
                {"runtime.mailbox_max", {"5"}},
                {"runtime.sender_pending_max", {"6"}},
                {"runtime.call_deadline", {"7s"}},
                {"runtime.active_agents_max", {"8"}},
                {"storage.postgres", {"host=/s"}},
                {"storage.blob_threshold", {"9KiB"}},
                {"storage.group_max", {"10"}},
                {"storage.schema", {"s"}},
                {"storage.wal_alarm", {"11MiB"}},
                {"cluster.bind", {"::2"}},
                {"cluster.port", {"3"}},
                {"cluster.weight", {"4"}},
                {"cluster.labels", {"gpu=true"}},
                {"cluster.tls.ca", {"/ca"}},
                {"cluster.tls.certificate", {"/c"}},
                {"cluster.tls.key", {"/ck"}},
                {"retention.history", {"12h"}},
                {"retention.agents", {"21h"}},
                {"retention.dead_letters", {"13h"}},
                {"retention.ingress", {"14h"}},
                {"supervision.max_restarts", {"15"}},
                {"supervision.within", {"16s"}},
                {"supervision.backoff_initial", {"17ms"}},
                {"supervision.backoff_max", {"18s"}},
                {"supervision.file", {"/groups"}},
                {"models.file", {"/f"}},
                {"models.default.path", {"/g"}},
                {"models.default.adapters", {"a=/b"}},
                {"models.default.url", {"http://u"}},
                {"models.default.model", {"m"}},
                {"models.default.key_env", {"E"}},
                {"models.default.key_file", {"/k"}},
                {"models.default.timeout", {"19s"}},
                {"models.default.retries", {"20"}},
                {"models.validation_retries", {"1"}},
                {"http.client.timeout", {"21s"}},
                {"http.client.response_max", {"22KiB"}},
                {"http.client.redirects", {"2"}},
                {"mail.from", {"a@b"}},
                {"mail.spool", {"/s"}},
                {"mail.smtp.host", {"h"}},
                {"mail.smtp.port", {"25"}},
                {"mail.smtp.security", {"tls"}},
                {"mail.smtp.user", {"u"}},
                {"mail.smtp.password_env", {"P"}},
                {"mail.smtp.password_file", {"/p"}},
                {"mail.smtp.timeout", {"23s"}},
                {"exec.allow", {"wc=/usr/bin/wc"}},
                {"exec.timeout", {"24s"}},
                {"exec.output_max", {"25KiB"}},
                {"workflows.dir", {"/w"}},
                {"workflows.agents", {"/a"}},
                {"workflows.env", {" A ,,B"}},
                {"secrets.dir", {"/x"}},
                {"secrets.env_prefix", {"S_"}}};
  return from;
}

node_settings read_all() {
  diagnostics found;
  const auto loaded = settings::load(all_given(), found);
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), render_text(found, 0));
  return make_node_settings(*loaded);
}

BOOST_AUTO_TEST_CASE(every_setting_is_tried) {
  BOOST_TEST(all_given().flags.size() + 1 == settings_table().size());
}

BOOST_AUTO_TEST_CASE(every_setting_reaches_its_consumer) {
  const node_settings n = read_all();
  BOOST_TEST((n.data_dir == "/d" && n.node_name == "n" && n.http.bind == "::1" && n.http.port == 1));
  BOOST_TEST((n.log.level == "warn" && n.log.format == "json" && n.log.file == "/l"));
  BOOST_TEST((n.runtime.threads == 2 && n.runtime.passivate_after.count() == 3'000));
  BOOST_TEST((n.runtime.turn_limit.count() == 4'000 && n.runtime.mailbox_max == 5));
  BOOST_TEST((n.runtime.sender_pending_max == 6 && n.runtime.call_deadline.count() == 7'000));
  BOOST_TEST((n.runtime.active_agents_max == 8 && n.storage.blob_threshold_bytes == 9 * 1'024));
  BOOST_TEST((n.storage.postgres == "host=/s" && n.storage.schema == "s"));
  BOOST_TEST((n.cluster.bind == "::2" && n.cluster.port == 3 && n.cluster.weight == 4));
  BOOST_TEST((n.cluster.labels == "gpu=true" && n.cluster.tls_ca == "/ca"));
  BOOST_TEST((n.cluster.tls_certificate == "/c" && n.cluster.tls_key == "/ck"));
  BOOST_TEST(
      (n.default_model.file == "/f" && n.default_model.path == "/g" && n.default_model.adapters == "a=/b"));
  BOOST_TEST((n.storage.group_max == 10 && n.storage.wal_alarm_bytes == 11 * limits::mib));
  BOOST_TEST(
      (n.retention.history == std::chrono::hours(12) && n.retention.dead_letters == std::chrono::hours(13)));
  BOOST_TEST(n.supervision.file == "/groups");
  BOOST_TEST((n.retention.agents == std::chrono::hours(21)));
  BOOST_TEST((n.retention.ingress == std::chrono::hours(14) && n.supervision.max_restarts == 15));
  BOOST_TEST((n.supervision.within.count() == 16'000 && n.supervision.backoff_initial.count() == 17));
  BOOST_TEST((n.supervision.backoff_max.count() == 18'000 && n.default_model.url == "http://u"));
  BOOST_TEST(
      (n.default_model.model == "m" && n.default_model.key_env == "E" && n.default_model.key_file == "/k"));
  BOOST_TEST((n.default_model.timeout.count() == 19'000 && n.default_model.retries == 20));
  BOOST_TEST(n.default_model.validation_retries == 1U);
}

BOOST_AUTO_TEST_CASE(settings_of_built_in_agents_reach_their_consumer) {
  const node_settings n = read_all();
  BOOST_TEST((n.http_client.timeout.count() == 21'000 && n.http_client.response_bytes_max == 22 * 1'024));
  BOOST_TEST((n.http_client.redirects == 2 && n.mail.from == "a@b" && n.mail.spool == "/s"));
  BOOST_TEST((n.mail.smtp_host == "h" && n.mail.smtp_port == 25 && n.mail.smtp_security == "tls"));
  BOOST_TEST(
      (n.mail.smtp_user == "u" && n.mail.smtp_password_env == "P" && n.mail.smtp_password_file == "/p"));
  BOOST_TEST((n.mail.smtp_timeout.count() == 23'000 && n.exec.allow == "wc=/usr/bin/wc"));
  BOOST_TEST((n.exec.timeout.count() == 24'000 && n.exec.output_bytes_max == 25 * 1'024));
  BOOST_TEST((n.workflows.dir == "/w" && n.workflows.agents == "/a"));
  BOOST_TEST((n.workflows.env == std::vector<std::string>{"A", "B"}));
  BOOST_TEST((n.secrets.folder == "/x" && n.secrets.env_prefix == "S_"));
}

/// `page` with what stands between two marks replaced.
std::string with_generated(const std::string& page, const std::string& begin, const std::string& end,
                           const std::string& generated) {
  const std::size_t first = page.find(begin);
  const std::size_t last = page.find(end);
  BOOST_REQUIRE((first != std::string::npos && last != std::string::npos && first < last));
  return page.substr(0, first + begin.size()) + "\n\n" + generated + "\n" + page.substr(last);
}

BOOST_AUTO_TEST_CASE(the_documented_reference_is_the_tables) {
  std::ifstream file(std::string(TROUPE_SOURCE_DIR) + "/docs/config.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  const std::string settings_part = render_reference(settings_table());
  std::string wanted = with_generated(page, "<!-- settings -->", "<!-- end of settings -->", settings_part);
  wanted = with_generated(wanted, "<!-- codes -->", "<!-- end of codes -->", render_codes());
  const std::string written = std::string(TROUPE_BINARY_DIR) + "/config.md";
  std::ofstream(written) << wanted;
  BOOST_TEST((page == wanted), "docs/config.md is not what the tables say; take the page that this test has "
                               "just written: cp " +
                                   written + " docs/config.md");
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
