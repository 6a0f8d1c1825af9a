#include "runtime/message/envelope.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

namespace {

agent_id id(std::string_view text) { return agent_id::parse(text).value(); }

envelope sample(message_kind kind) {
  envelope e;
  e.kind = kind;
  e.id = "01HF7YAT00MESSAGE000000000";
  e.from = id("desk/caller");
  e.to = id("@acme/sales.qualifier/lead/42");
  e.type = "assess";
  e.body = R"({"score":80})";
  e.sent = from_ms(1'700'000'000'000);
  return e;
}

envelope through_the_wire(const envelope& e) { return decode_envelope(encode(e)).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(message_envelope)

BOOST_AUTO_TEST_CASE(what_a_message_is_for_decides_its_lane) {
  BOOST_TEST((lane_of(message_kind::message) == lane::mail));
  BOOST_TEST((lane_of(message_kind::call) == lane::mail));
  BOOST_TEST((lane_of(message_kind::timer) == lane::mail));
  BOOST_TEST((lane_of(message_kind::reply) == lane::control));
  BOOST_TEST((lane_of(message_kind::cancel) == lane::control));
  BOOST_TEST((lane_of(message_kind::signal) == lane::control));
  BOOST_TEST((lane_of(message_kind::stop) == lane::control));
}

BOOST_AUTO_TEST_CASE(a_message_comes_back_as_it_went) {
  const auto came = through_the_wire(sample(message_kind::message));
  BOOST_TEST((came.kind == message_kind::message));
  BOOST_TEST(came.id == "01HF7YAT00MESSAGE000000000");
  BOOST_TEST(came.from.text() == "desk/caller");
  BOOST_TEST(came.to.text() == "@acme/sales.qualifier/lead/42");
  BOOST_TEST(came.type == "assess");
  BOOST_TEST(came.body == R"({"score":80})");
  BOOST_TEST(to_ms(came.sent) == 1'700'000'000'000);
  BOOST_TEST((came.deadline == never));
}

BOOST_AUTO_TEST_CASE(a_call_comes_back_with_all_that_makes_it_one) {
  auto e = sample(message_kind::call);
  e.call_key = "order-1";
  e.attempt = 3;
  e.deadline = from_ms(1'700'000'030'000);
  e.chain = {id("desk/outermost"), id("desk/caller")};
  e.once = true;
  e.principal = "ann";
  e.trace = "trace-1";
  const auto came = through_the_wire(e);
  BOOST_TEST(came.call_key == "order-1");
  BOOST_TEST(came.attempt == 3u);
  BOOST_TEST(to_ms(came.deadline) == 1'700'000'030'000);
  BOOST_REQUIRE(came.chain.size() == 2u);
  BOOST_TEST(came.chain[0].text() == "desk/outermost");
  BOOST_TEST(came.once);
  BOOST_TEST(came.principal == "ann");
  BOOST_TEST(came.trace == "trace-1");
}

BOOST_AUTO_TEST_CASE(a_reply_brings_its_answer) {
  auto e = sample(message_kind::reply);
  e.answer = outcome::failure("rate_limited", "later", "desk/other");
  BOOST_TEST((through_the_wire(e).answer == e.answer));
}

BOOST_AUTO_TEST_CASE(a_cancel_names_the_mail_of_its_call) {
  auto e = sample(message_kind::cancel);
  e.call_number = 17;
  BOOST_TEST(through_the_wire(e).call_number == 17u);
}

BOOST_AUTO_TEST_CASE(a_signal_names_the_wait_it_is_for) {
  auto e = sample(message_kind::signal);
  e.correlation = "case-7";
  BOOST_TEST(through_the_wire(e).correlation == "case-7");
}

BOOST_AUTO_TEST_CASE(a_message_from_outside_has_no_sender) {
  auto e = sample(message_kind::message);
  e.from = agent_id();
  BOOST_TEST(through_the_wire(e).from.empty());
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_is_still_readable) {
  auto e = sample(message_kind::reply);
  e.trace = "\xff";
  e.answer = outcome::failure("run_failed", "cannot open \xc3\x28");
  BOOST_TEST(through_the_wire(e).answer.message == "cannot open \xc3\x28");
}

BOOST_AUTO_TEST_CASE(a_deadline_at_the_epoch_is_one) {
  auto e = sample(message_kind::call);
  e.deadline = from_ms(0);
  BOOST_TEST(to_ms(through_the_wire(e).deadline) == 0);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_envelope_are_corrupt) {
  BOOST_TEST((decode_envelope("\x0a\xff\xff").error().what == fault::corrupt));
}

BOOST_AUTO_TEST_CASE(a_cut_envelope_is_corrupt) {
  const auto whole = encode(sample(message_kind::message));
  BOOST_TEST((decode_envelope(whole.substr(0, whole.size() - 3)).error().what == fault::corrupt));
}

BOOST_AUTO_TEST_CASE(an_envelope_to_nobody_is_corrupt) {
  BOOST_TEST((decode_envelope("").error().what == fault::corrupt));
}

BOOST_AUTO_TEST_CASE(a_kind_of_a_newer_build_is_refused_with_a_hint) {
  auto e = sample(message_kind::message);
  e.kind = static_cast<message_kind>(40);
  const auto came = decode_envelope(encode(e));
  BOOST_REQUIRE(!came);
  BOOST_TEST((came.error().what == fault::refused));
  BOOST_TEST(!came.error().hint.empty());
}

BOOST_AUTO_TEST_SUITE_END()
