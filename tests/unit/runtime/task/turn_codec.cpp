#include "runtime/task/turn_codec.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;

namespace {

ask sample_ask() {
  ask a;
  a.effect = "0.1/3";
  a.verb = "call";
  a.target = "desk/other price";
  a.arguments = UINT64_MAX;
  a.at = from_ms(5);
  a.due = from_ms(30'005);
  a.call_key = "order-1";
  a.attempt = 2;
  a.call_number = 9;
  return a;
}

note sample_note() {
  note n;
  n.effect = "0/0";
  n.verb = "send";
  n.target = "desk/log seen";
  n.arguments = 7;
  n.result = outcome::failure("overloaded", "the queue is full");
  return n;
}

turn_record through_the_journal(const turn_record& record) { return decode_turn(encode(record)).value(); }

} // namespace

BOOST_AUTO_TEST_SUITE(task_turn_codec)

BOOST_AUTO_TEST_CASE(an_ask_comes_back_as_it_was_recorded) {
  turn_record record;
  record.asked.push_back(sample_ask());
  const auto came = through_the_journal(record);
  BOOST_REQUIRE(came.asked.size() == 1u);
  const auto& a = came.asked[0];
  BOOST_TEST(a.effect == "0.1/3");
  BOOST_TEST(a.verb == "call");
  BOOST_TEST(a.target == "desk/other price");
  BOOST_TEST(a.arguments == UINT64_MAX);
  BOOST_TEST(to_ms(a.at) == 5);
  BOOST_TEST(to_ms(a.due) == 30'005);
  BOOST_TEST(a.call_key == "order-1");
  BOOST_TEST(a.attempt == 2u);
  BOOST_TEST(a.call_number == 9u);
}

BOOST_AUTO_TEST_CASE(an_ask_without_a_deadline_comes_back_without_one) {
  turn_record record;
  record.asked.push_back(sample_ask());
  record.asked[0].due = never;
  BOOST_TEST((through_the_journal(record).asked[0].due == never));
}

BOOST_AUTO_TEST_CASE(a_note_comes_back_with_its_result) {
  turn_record record;
  record.noted.push_back(sample_note());
  const auto came = through_the_journal(record);
  BOOST_REQUIRE(came.noted.size() == 1u);
  BOOST_TEST(came.noted[0].effect == "0/0");
  BOOST_TEST(came.noted[0].target == "desk/log seen");
  BOOST_TEST((came.noted[0].result == sample_note().result));
}

BOOST_AUTO_TEST_CASE(what_resumed_a_turn_comes_back) {
  turn_record record;
  record.time = from_ms(1'700'000'000'000);
  record.resumed_by = "0/4";
  record.answer = outcome::success("12", R"({"tokens":3})");
  const auto came = through_the_journal(record);
  BOOST_TEST(to_ms(came.time) == 1'700'000'000'000);
  BOOST_TEST(came.resumed_by == "0/4");
  BOOST_TEST((came.answer == record.answer));
}

BOOST_AUTO_TEST_CASE(a_cancellation_comes_back_with_its_reason) {
  turn_record record;
  record.canceled = true;
  record.cancel_reason = "the caller left";
  const auto came = through_the_journal(record);
  BOOST_TEST(came.canceled);
  BOOST_TEST(came.cancel_reason == "the caller left");
}

BOOST_AUTO_TEST_CASE(text_that_is_no_utf8_does_not_make_a_turn_unreadable) {
  turn_record record;
  record.resumed_by = "0/0";
  record.answer = outcome::failure("run_failed", "cannot open \xff");
  record.cancel_reason = "\xfe";
  BOOST_TEST(through_the_journal(record).answer.message == "cannot open \xff");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_turn_are_corrupt) {
  BOOST_TEST((decode_turn("\x0a\xff\xff").error().what == fault::corrupt));
}

BOOST_AUTO_TEST_CASE(a_cut_turn_is_corrupt) {
  turn_record record;
  record.asked.push_back(sample_ask());
  const auto whole = encode(record);
  BOOST_TEST((decode_turn(whole.substr(0, whole.size() - 1)).error().what == fault::corrupt));
}

BOOST_AUTO_TEST_SUITE_END()
