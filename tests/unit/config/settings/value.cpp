#include "config/settings/value.hpp"

#include "config/limits.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace troupe::config {
namespace {

namespace data = boost::unit_test::data;

setting of_type(value_type type) {
  setting made;
  made.key = "a.b";
  made.type = type;
  made.least = 10;
  made.most = 100'000;
  made.choices = "json|text";
  return made;
}

error refused(const setting& of, const std::string& text) {
  const auto parsed = parse_value(of, text);
  BOOST_REQUIRE(!parsed.has_value());
  return parsed.error();
}

BOOST_AUTO_TEST_SUITE(values)

BOOST_AUTO_TEST_CASE(counts_hold_their_bounds) {
  const setting count = of_type(value_type::count);
  BOOST_TEST(std::get<std::int64_t>(*parse_value(count, "10")) == 10);
  BOOST_TEST(std::get<std::int64_t>(*parse_value(count, "100000")) == 100'000);
  BOOST_TEST((refused(count, "9").what == fault::refused));
  BOOST_TEST(refused(count, "100001").hint == "allowed: 10 to 100000");
}

BOOST_AUTO_TEST_CASE(durations_hold_their_bounds_in_milliseconds) {
  const setting span = of_type(value_type::duration);
  BOOST_TEST(std::get<std::chrono::milliseconds>(*parse_value(span, "10ms")).count() == 10);
  BOOST_TEST(refused(span, "9ms").hint == "allowed: 10ms to 1m40s");
  BOOST_TEST((refused(span, "soon").what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(sizes_hold_their_bounds_in_bytes) {
  const setting bytes = of_type(value_type::size);
  BOOST_TEST(std::get<std::int64_t>(*parse_value(bytes, "1KiB")) == 1'024);
  BOOST_TEST((refused(bytes, "1MiB").what == fault::refused));
}

BOOST_AUTO_TEST_CASE(booleans_are_true_or_false) {
  const setting boolean = of_type(value_type::boolean);
  BOOST_TEST(std::get<bool>(*parse_value(boolean, "true")));
  BOOST_TEST(!std::get<bool>(*parse_value(boolean, "false")));
  BOOST_TEST((refused(boolean, "yes").what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(a_choice_is_one_of_its_words) {
  const setting choice = of_type(value_type::choice);
  BOOST_TEST(std::get<std::string>(*parse_value(choice, "json")) == "json");
  BOOST_TEST(refused(choice, "jsno").message == "\"jsno\" is none of json, text");
  BOOST_TEST(refused(choice, "jsno").hint == "did you mean json?");
}

BOOST_DATA_TEST_CASE(urls_are_http_or_https,
                     data::make(std::vector<std::string>{"http://localhost:8080", "https://a.b/v1",
                                                         "https://[::1]/x@y"})) {
  BOOST_TEST(parse_value(of_type(value_type::url), sample).has_value());
}

BOOST_DATA_TEST_CASE(other_urls_are_refused,
                     data::make(std::vector<std::string>{"", "ftp://a", "https://", "localhost:80",
                                                         "http:///x", "http://a b"})) {
  BOOST_TEST((refused(of_type(value_type::url), sample).what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(credentials_in_a_url_are_refused_and_not_repeated) {
  const error e = refused(of_type(value_type::url), "https://user:pass@host/v1");
  BOOST_TEST(e.message == "the URL carries credentials");
}

BOOST_AUTO_TEST_CASE(names_are_those_of_hosts) {
  BOOST_TEST(parse_value(of_type(value_type::name), "node-a1").has_value());
  BOOST_TEST((refused(of_type(value_type::name), "Node A").what == fault::invalid));
  BOOST_TEST((refused(of_type(value_type::name), "-a").what == fault::invalid));
  BOOST_TEST((refused(of_type(value_type::name), std::string(64, 'a')).what == fault::invalid));
}

BOOST_AUTO_TEST_CASE(a_value_is_one_line_of_bounded_length) {
  BOOST_TEST((refused(of_type(value_type::text), "a\nb").what == fault::invalid));
  BOOST_TEST((refused(of_type(value_type::text), std::string(1, '\0')).what == fault::invalid));
  BOOST_TEST((refused(of_type(value_type::text), std::string(limits::setting_bytes_max + 1, 'a')).what ==
              fault::refused));
}

BOOST_AUTO_TEST_CASE(a_secret_is_shown_as_stars_and_never_in_errors) {
  setting secret = of_type(value_type::choice);
  secret.secret = true;
  BOOST_TEST(show_value(secret, std::string("hunter2")) == "********");
  BOOST_TEST(show_value(secret, std::string()) == "");
  BOOST_TEST(refused(secret, "hunter2").message.find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::config
