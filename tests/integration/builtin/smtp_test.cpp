#include "actors/builtin/smtp.hpp"
#include "tests/integration/builtin/smtp_fixture.hpp"
#include "tests/support/http_fixture.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace troupe::builtin {
namespace {

using testing::smtp_fixture;
using replies = std::map<std::string, std::string>;

struct token final : cancel_token {
  bool canceled() const override { return set; }
  bool set = false;
};

smtp_settings plain(std::uint16_t port) { return {"127.0.0.1", port, "none", "", {}}; }

const std::string text = "Subject: Hi\r\n\r\n.dot\r\nbye\r\n";

std::optional<smtp_failure> delivered(const smtp_settings& to, milliseconds time = milliseconds(20'000)) {
  return curl_smtp(to).deliver({"a@example.org", {"b@example.org", "c@example.org"}, text}, time, token());
}

BOOST_AUTO_TEST_SUITE(smtp_service)

BOOST_AUTO_TEST_CASE(a_mail_arrives_as_it_was_written_for_all_it_is_for) {
  smtp_fixture server;
  const auto failed = delivered(plain(server.port()));
  BOOST_REQUIRE(!failed.has_value());
  BOOST_TEST(server.mails() == (std::vector<std::string>{text}), boost::test_tools::per_element());
  const auto said = server.commands();
  BOOST_TEST(std::count(said.begin(), said.end(), "RCPT TO:<b@example.org>") == 1);
  BOOST_TEST(std::count(said.begin(), said.end(), "RCPT TO:<c@example.org>") == 1);
  BOOST_TEST(said.at(1).starts_with("MAIL FROM:<a@example.org>"));
}

BOOST_AUTO_TEST_CASE(a_user_logs_in_with_the_password_of_that_moment) {
  smtp_fixture server;
  auto to = plain(server.port());
  to.user = "u";
  to.password = [] { return result<std::string>("p"); };
  BOOST_TEST(!delivered(to).has_value());
  const auto said = server.commands();
  BOOST_TEST(std::count(said.begin(), said.end(), "AUTH PLAIN AHUAcA==") == 1);
}

BOOST_AUTO_TEST_CASE(without_its_password_nothing_is_sent) {
  smtp_fixture server;
  auto to = plain(server.port());
  to.user = "u";
  to.password = []() -> result<std::string> { return fail(fault::not_found, "no password"); };
  const auto failed = delivered(to);
  BOOST_REQUIRE(failed.has_value());
  BOOST_TEST((failed->kind == "rejected" && failed->message == "no password"));
  BOOST_TEST(server.commands().empty());
}

BOOST_AUTO_TEST_CASE(a_refused_receiver_is_rejected_and_not_in_doubt) {
  smtp_fixture server(replies{{"RCPT", "550 no such user"}});
  const auto failed = delivered(plain(server.port()));
  BOOST_REQUIRE(failed.has_value());
  BOOST_TEST((failed->kind == "rejected" && !failed->in_doubt));
  BOOST_TEST(failed->message.find("550") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_busy_server_is_unavailable_and_not_in_doubt) {
  smtp_fixture server(replies{{"DATA-END", "451 try later"}});
  const auto failed = delivered(plain(server.port()));
  BOOST_REQUIRE(failed.has_value());
  BOOST_TEST((failed->kind == "unavailable" && !failed->in_doubt));
}

BOOST_AUTO_TEST_CASE(a_server_that_goes_after_the_mail_leaves_doubt) {
  smtp_fixture server(replies{{"DATA-END", ""}});
  const auto failed = delivered(plain(server.port()));
  BOOST_REQUIRE(failed.has_value());
  BOOST_TEST((failed->kind == "unavailable" && failed->in_doubt));
}

BOOST_AUTO_TEST_CASE(nobody_there_is_unavailable) {
  const auto failed = delivered(plain(testing::closed_port()));
  BOOST_REQUIRE(failed.has_value());
  BOOST_TEST((failed->kind == "unavailable" && !failed->in_doubt));
}

BOOST_AUTO_TEST_CASE(silence_is_a_timeout) {
  testing::http_fixture silent({testing::silence()});
  const auto port = static_cast<std::uint16_t>(std::stoi(silent.url().substr(silent.url().rfind(':') + 1)));
  const auto failed = delivered(plain(port), milliseconds(300));
  BOOST_REQUIRE(failed.has_value());
  BOOST_TEST((failed->kind == "timeout" && !failed->in_doubt));
}

BOOST_AUTO_TEST_CASE(a_server_without_tls_gets_nothing_when_tls_is_wanted) {
  smtp_fixture server;
  auto to = plain(server.port());
  to.security = "starttls";
  BOOST_TEST(delivered(to).has_value());
  BOOST_TEST(server.mails().empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::builtin
