#include "actors/builtin/mail_executor.hpp"

#include "tests/unit/actors/builtin/stage.hpp"

#include <algorithm>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <fstream>
#include <iterator>

namespace troupe::builtin {
namespace {

using namespace fakes;

struct server final : smtp_server {
  std::optional<smtp_failure> deliver(const smtp_mail& mail, milliseconds, const cancel_token&) override {
    taken.push_back(mail.from + " > " + mail.to.at(0));
    return next;
  }
  std::vector<std::string> taken;
  std::optional<smtp_failure> next;
};

struct stage {
  explicit stage(smtp_server* to = nullptr)
      : box(mail_box(at.path), to, {"Troupe", "troupe@example.org"}, milliseconds(1'000), time) {}
  outcome send(const json& with, const std::string& key = "key-1") {
    auto asked = request("mail.send", with);
    asked.idempotency_key = key;
    return carried_out(box, asked);
  }
  outcome lookup(const std::string& key) { return carried_out(box, request("mail.lookup", {{"key", key}})); }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(at.path), {}));
  }
  folder at;
  clock time;
  mail_executor box;
};

/// The same with a server.
struct post_office {
  server post;
};
struct served : post_office, stage {
  served()
      : stage(&post) {}
};

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

mail_message letter(std::string subject, std::string body) {
  return {{"", "a@example.org"}, {{"", "b@example.org"}}, std::move(subject), std::move(body)};
}

std::string written(const mail_message& m) { return format_mail(m, "id@x", from_ms(1'700'000'000'000)); }

const json hello{{"to", "b@example.org"}, {"subject", "Hi"}, {"body", "Hello\n"}};

BOOST_AUTO_TEST_SUITE(builtin_mail)

BOOST_AUTO_TEST_CASE(a_mail_rests_in_the_spool_under_its_key) {
  stage s;
  const auto done = s.send(hello);
  BOOST_REQUIRE(done.ok);
  const auto id = json::parse(done.body)["id"].get<std::string>();
  BOOST_TEST(content(s.at.path / "key-1.eml") ==
             "From: \"Troupe\" <troupe@example.org>\r\nTo: b@example.org\r\nSubject: Hi\r\n"
             "Date: Tue, 14 Nov 2023 22:13:20 +0000\r\nMessage-ID: <" +
                 id +
                 ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                 "Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n");
}

BOOST_AUTO_TEST_CASE(a_repeat_writes_nothing_twice_and_gives_the_same_id) {
  stage s;
  const auto first = s.send(hello);
  s.time.at += milliseconds(60'000);
  BOOST_TEST(said(s.send(hello)) == said(first));
  BOOST_TEST(s.files() == 1U);
  s.send(hello, "key-2");
  BOOST_TEST(s.files() == 2U);
}

BOOST_AUTO_TEST_CASE(lookup_finds_what_was_sent_and_nothing_else) {
  stage s;
  const auto id = said(s.send(hello))["id"];
  BOOST_TEST(said(s.lookup("key-1")) == (json{{"found", true}, {"result", {{"id", id}}}}));
  BOOST_TEST(said(s.lookup("key-2")) == (json{{"found", false}}));
  BOOST_TEST(s.lookup("").kind == "invalid");
}

BOOST_AUTO_TEST_CASE(keys_that_are_no_plain_words_are_names_of_no_other_file) {
  stage s;
  s.send(hello, "../../etc/passwd");
  s.send(hello, "a/b");
  s.send(hello, std::string(500, 'x'));
  BOOST_TEST(s.files() == 3U);
  BOOST_TEST(said(s.lookup("a/b"))["found"] == true);
}

BOOST_AUTO_TEST_CASE(what_is_half_written_in_the_spool_was_not_sent) {
  stage s;
  std::ofstream(s.at.path / "key-1.sending") << "x";
  BOOST_TEST(said(s.lookup("key-1"))["found"] == false);
  BOOST_TEST(s.send(hello).ok);
}

BOOST_AUTO_TEST_CASE(a_server_gets_the_mail_once) {
  served s;
  BOOST_TEST(s.send(hello).ok);
  BOOST_TEST(s.send(hello).ok);
  BOOST_TEST(s.post.taken == (std::vector<std::string>{"troupe@example.org > b@example.org"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_a_server_refused_was_not_sent) {
  served s;
  s.post.next = smtp_failure{"rejected", "550 no such user", false};
  BOOST_TEST(said(s.send(hello)) == "rejected: 550 no such user");
  BOOST_TEST(said(s.lookup("key-1"))["found"] == false);
  s.post.next.reset();
  BOOST_TEST(s.send(hello).ok);
}

BOOST_AUTO_TEST_CASE(whether_a_silent_server_took_it_nobody_can_look_up) {
  served s;
  s.post.next = smtp_failure{"timeout", "silence", true};
  BOOST_TEST(s.send(hello).kind == "timeout");
  BOOST_TEST(s.lookup("key-1").kind == "unknown_outcome");
}

BOOST_AUTO_TEST_CASE(without_a_key_or_time_nothing_is_sent) {
  served s;
  BOOST_TEST(s.send(hello, "").kind == "invalid");
  auto late = request("mail.send", hello);
  late.deadline = s.time.at;
  BOOST_TEST(carried_out(s.box, late).kind == "timeout");
  BOOST_TEST(s.post.taken.empty());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_told) {
  stage s;
  std::ofstream(s.at.path / "file") << "x";
  mail_executor blocked(mail_box(s.at.path / "file"), nullptr, {"", "a@b"}, milliseconds(1), s.time);
  BOOST_TEST(carried_out(blocked, request("mail.send", hello)).kind == "unavailable");
}

BOOST_AUTO_TEST_CASE(a_message_is_a_text_or_has_its_own_subject) {
  stage s;
  BOOST_TEST(
      s.send({{"to", {"b@x.org", "Cé <c@x.org>"}}, {"message", {{"subject", "S"}, {"body", "B"}}}}, "one")
          .ok);
  BOOST_TEST(
      content(s.at.path / "one.eml").find("To: b@x.org,\r\n =?utf-8?B?Q8Op?= <c@x.org>\r\nSubject: S\r\n") !=
      std::string::npos);
  BOOST_TEST(s.send({{"to", "b@x.org"}, {"subject", "S"}, {"message", "just text"}}, "two").ok);
  BOOST_TEST(content(s.at.path / "two.eml").ends_with("\r\n\r\njust text\r\n"));
}

const char* const mistakes[] = {
    R"({"subject": "a", "body": "b"})",
    R"({"to": [], "body": "b"})",
    R"({"to": 7, "body": "b"})",
    R"({"to": ["a@b.c", 7], "body": "b"})",
    R"({"to": "nobody", "body": "b"})",
    R"({"to": "a@b@c", "body": "b"})",
    R"({"to": "a@b.c, d@e.f", "body": "b"})",
    R"({"to": "a@b.c\r\nBcc: evil@x.org", "body": "b"})",
    R"({"to": "Evil\nBcc: x <a@b.c>", "body": "b"})",
    R"({"to": "ä@b.c", "body": "b"})",
    R"({"to": "a@b.c>", "body": "b"})",
    R"({"to": "X <a@b.c> y", "body": "b"})",
    R"({"to": ".a@b.c", "body": "b"})",
    R"({"to": "a@b.c"})",
    R"({"to": "a@b.c", "subject": "Hi\r\nBcc: evil@x.org", "body": "b"})",
    R"({"to": "a@b.c", "subject": 7, "body": "b"})",
    R"({"to": "a@b.c", "body": {}})",
    R"({"to": "a@b.c", "body": "a\u0000b"})",
    R"({"to": "a@b.c", "message": 7})",
    R"({"to": "a@b.c", "message": "x", "body": "y"})",
    R"({"to": "a@b.c", "message": {"subject": "a", "bcc": "x"}})",
    R"({"to": "a@b.c", "message": {"subject": "a\nB: c"}})",
    R"({"to": "a@b.c", "cc": "d@e.f", "body": "b"})",
};

BOOST_DATA_TEST_CASE(a_mistake_is_invalid_and_writes_nothing, boost::unit_test::data::make(mistakes)) {
  stage s;
  BOOST_TEST(s.send(json::parse(sample)).kind == "invalid");
  BOOST_TEST(s.files() == 0U);
}

BOOST_AUTO_TEST_CASE(limits_of_a_mail_hold) {
  stage s;
  BOOST_TEST(s.send({{"to", json(std::vector<std::string>(101, "a@b.c"))}, {"body", "b"}}).kind == "invalid");
  BOOST_TEST(s.send({{"to", "a@b.c"}, {"body", std::string(1'100'000, 'x')}}).kind == "invalid");
  BOOST_TEST(s.send({{"to", "a@b.c"}, {"subject", std::string(1'001, 'x')}}).kind == "invalid");
  BOOST_TEST(s.send({{"to", std::string(260, 'a') + "@b.c"}, {"body", "b"}}).kind == "invalid");
}

BOOST_AUTO_TEST_CASE(a_subject_of_other_letters_is_encoded_in_whole_characters) {
  std::string subject;
  for (int i = 0; i < 30; ++i)
    subject += "日";
  const auto text = written(letter(subject, "x"));
  BOOST_TEST(
      text.find(
          "Subject: =?utf-8?B?5pel5pel5pel5pel5pel5pel5pel5pel5pel5pel5pel5pel5pel5pel?=\r\n =?utf-8?B?") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_subject_is_folded_at_a_space) {
  const auto text = written(letter(std::string(50, 'a') + " " + std::string(50, 'b'), "x"));
  BOOST_TEST(text.find("Subject: " + std::string(50, 'a') + "\r\n " + std::string(50, 'b') + "\r\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_subject_that_looks_encoded_is_taken_literally) {
  BOOST_TEST(
      written(letter("=?utf-8?B?eA==?=", "x")).find("Subject: =?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=\r\n") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_body_of_other_letters_or_long_lines_is_quoted_printable) {
  const auto text = written(letter("s", "Grüße = gut \n" + std::string(1'200, 'x')));
  BOOST_TEST(
      text.find("Content-Transfer-Encoding: quoted-printable\r\n\r\nGr=C3=BC=C3=9Fe =3D gut=20\r\nxxx") !=
      std::string::npos);
  std::size_t longest = 0, begin = 0;
  for (auto end = text.find("\r\n"); end != std::string::npos;
       begin = end + 2, end = text.find("\r\n", begin))
    longest = std::max(longest, end - begin);
  BOOST_TEST(longest <= 76U);
}

BOOST_AUTO_TEST_CASE(every_line_ends_with_crlf_whatever_came_in) {
  BOOST_TEST(written(letter("s", "a\nb\r\nc\rd")).ends_with("\r\n\r\na\r\nb\r\nc\r\nd\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::builtin
