#include "tests/support/journal_contract.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::testing {
namespace {

using namespace journal;
using numbers = std::vector<std::uint64_t>;
using desk = journal_desk;

/// "sender:number" of each row, in order.
std::string shape(const pending_window& window) {
  std::string all;
  for (const pending_row& r : window.rows)
    all += (all.empty() ? "" : " ") + std::to_string(r.sender_birth) + ":" + std::to_string(r.number);
  return all;
}

void numbers_of_a_stream_are_contiguous_from_one(desk& d) {
  const auto a = d.claim("a/1");
  BOOST_TEST(d.send(a, desk::id("b/1"), 3) == numbers({1, 2, 3}));
  BOOST_TEST(d.send(a, desk::id("b/1"), 2) == numbers({4, 5}));
}

void each_receiver_lane_and_sender_has_numbers_of_its_own(desk& d) {
  const auto a = d.claim("a/1");
  const auto other = d.claim("a/2");
  d.send(a, desk::id("b/1"), 3);
  BOOST_TEST(d.send(a, desk::id("b/2"), 1) == numbers({1}));
  BOOST_TEST(d.send(a, desk::id("b/1"), 1, lane::control) == numbers({1}));
  BOOST_TEST(d.send(other, desk::id("b/1"), 1) == numbers({1}));
}

void numbers_go_on_when_all_rows_were_applied(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 3);
  d.apply(b, a.birth, 0, 3);
  BOOST_TEST(d.send(a, b.id, 1) == numbers({4}));
}

void numbers_go_on_after_the_store_was_opened_again(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 3);
  d.apply(b, a.birth, 0, 3);
  d.send(a, desk::id("c/1"), 2);
  d.reopen();
  const auto again = d.claim("a/1");
  BOOST_TEST(d.send(again, b.id, 1) == numbers({4}));
  BOOST_TEST(d.send(again, desk::id("c/1"), 1) == numbers({3}));
}

void turns_in_flight_together_are_numbered_in_order(desk& d) {
  const auto a = d.claim("a/1");
  std::vector<turn_commit> turns(3, desk::turn(a));
  for (auto& t : turns)
    t.outbox = {desk::mail(desk::id("b/1"), "x"), desk::mail(desk::id("b/1"), "y")};
  const auto receipts = d.commit_together(turns);
  BOOST_TEST(receipts[0].numbers == numbers({1, 2}));
  BOOST_TEST(receipts[1].numbers == numbers({3, 4}));
  BOOST_TEST(receipts[2].numbers == numbers({5, 6}));
}

void applied_rows_leave_the_outbox(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 3);
  BOOST_TEST((d.apply(b, a.birth, 0, 2).status == commit_status::durable));
  const auto left = d.pending(b.id);
  BOOST_REQUIRE(left.rows.size() == 1u);
  BOOST_TEST(left.rows[0].number == 3u);
  BOOST_TEST(left.rows[0].envelope == "m2");
}

void a_mark_that_has_moved_fences_the_turn_whole(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 3);
  d.apply(b, a.birth, 0, 1);
  turn_commit again = desk::turn(b);
  again.marks = {{a.birth, lane::mail, 0, 1}};
  again.applied = 1;
  again.puts = {desk::row(row_class::document, "state", "twice")};
  again.outbox = {desk::mail(a.id, "twice")};
  const auto refused = d.commit(again);
  BOOST_TEST((refused.status == commit_status::fenced));
  BOOST_TEST(!refused.why.empty());
  BOOST_TEST(d.rows("b/1", row_class::document) == "");
  BOOST_TEST(d.pending(a.id).rows.empty());
  BOOST_TEST(d.pending(b.id).rows.size() == 2u);
}

void after_a_refused_turn_its_activation_cannot_commit(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 1);
  turn_commit wrong = desk::turn(b);
  wrong.marks = {{a.birth, lane::mail, 1, 2}};
  wrong.applied = 1;
  turn_commit harmless = desk::turn(b);
  harmless.puts = {desk::row(row_class::document, "state", "built on what was refused")};
  const auto receipts = d.commit_together({wrong, harmless});
  BOOST_TEST((receipts[0].status == commit_status::fenced));
  BOOST_TEST((receipts[1].status == commit_status::fenced));
  BOOST_TEST(d.rows("b/1", row_class::document) == "");
  BOOST_TEST((d.apply(d.claim("b/1"), a.birth, 0, 1).status == commit_status::durable));
}

void a_mark_cannot_pass_what_was_sent(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 1);
  BOOST_TEST((d.apply(b, a.birth, 0, 2).status == commit_status::fenced));
}

void a_turn_must_account_for_every_message_it_takes(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 2);
  turn_commit silent = desk::turn(b);
  silent.marks = {{a.birth, lane::mail, 0, 2}};
  silent.applied = 1;
  BOOST_TEST((d.commit(silent).status == commit_status::fenced));
  BOOST_TEST(d.pending(b.id).rows.size() == 2u);
}

void marks_of_several_streams_move_in_one_turn(desk& d) {
  const auto a = d.claim("a/1");
  const auto other = d.claim("a/2");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 1);
  d.send(other, b.id, 2);
  d.send(a, b.id, 1, lane::control);
  turn_commit all = desk::turn(b);
  all.marks = {{a.birth, lane::mail, 0, 1}, {other.birth, lane::mail, 0, 2}, {a.birth, lane::control, 0, 1}};
  all.applied = 4;
  BOOST_TEST((d.commit(all).status == commit_status::durable));
  BOOST_TEST(d.pending(b.id).rows.empty());
  BOOST_TEST(d.pending(b.id, lane::control).rows.empty());
}

void turns_in_flight_together_move_a_mark_step_by_step(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 3);
  std::vector<turn_commit> turns(3, desk::turn(b));
  for (std::uint64_t i = 0; i < 3; ++i) {
    turns[i].marks = {{a.birth, lane::mail, i, i + 1}};
    turns[i].applied = 1;
  }
  const auto receipts = d.commit_together(turns);
  BOOST_TEST((receipts[2].status == commit_status::durable));
  BOOST_TEST(d.pending(b.id).rows.empty());
  BOOST_TEST(d.send(a, b.id, 1) == numbers({4}));
}

void a_window_shares_its_room_between_streams(desk& d) {
  const auto busy = d.claim("a/1");
  const auto quiet = d.claim("a/2");
  const auto b = desk::id("b/1");
  d.send(busy, b, 10);
  d.send(quiet, b, 1);
  const auto window = d.pending(b, lane::mail, 0, 4);
  BOOST_TEST(shape(window) == "1:1 1:2 1:3 2:1");
  BOOST_TEST(!window.complete);
}

void a_window_begins_after_the_stream_it_is_told(desk& d) {
  const auto b = desk::id("b/1");
  d.send(d.claim("a/1"), b, 1);
  d.send(d.claim("a/2"), b, 1);
  d.send(d.claim("a/3"), b, 1);
  BOOST_TEST(shape(d.pending(b, lane::mail, 1, 2)) == "2:1 3:1");
  BOOST_TEST(shape(d.pending(b, lane::mail, 2, 3)) == "3:1 1:1 2:1");
  BOOST_TEST(d.pending(b, lane::mail, 2, 3).complete);
}

void a_window_begins_at_the_mark(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 5);
  d.apply(b, a.birth, 0, 3);
  BOOST_TEST(shape(d.pending(b.id, lane::mail, 0, 1)) == "1:4");
}

void the_lanes_have_windows_of_their_own(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = desk::id("b/1");
  d.send(a, b, 2);
  d.send(a, b, 1, lane::control);
  BOOST_TEST(d.pending(b).rows.size() == 2u);
  BOOST_TEST(d.pending(b, lane::control).rows.size() == 1u);
}

void pending_rows_are_counted_per_stream_and_sender_in_the_mail_lane(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 3);
  d.send(a, desk::id("c/1"), 2);
  d.send(a, b.id, 4, lane::control);
  d.apply(b, a.birth, 0, 1);
  BOOST_TEST(d.store().pending_count(a.birth, b.id.addr()) == 2u);
  BOOST_TEST(d.store().pending_count(a.birth) == 4u);
  BOOST_TEST(d.store().pending_count(b.birth) == 0u);
}

void pending_rows_are_counted_again_after_opening(desk& d) {
  const auto a = d.claim("a/1");
  d.send(a, desk::id("b/1"), 3);
  d.reopen();
  BOOST_TEST(d.store().pending_count(a.birth, desk::id("b/1").addr()) == 3u);
}

void the_ledger_adds_up(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 6);
  turn_commit t = desk::turn(b);
  t.marks = {{a.birth, lane::mail, 0, 4}};
  t.applied = 2;
  t.skipped = 1;
  t.dead_letters = {desk::letter("01LETTER", 5), desk::letter("02OF-A-TASK", 5)};
  d.commit(t);
  const auto now = d.totals();
  BOOST_TEST(now.sent == 6u);
  BOOST_TEST(now.applied == 2u);
  BOOST_TEST(now.skipped == 1u);
  BOOST_TEST(now.dead_lettered == 1u); // the other letter ends no message of a stream
  BOOST_TEST(now.pending == 2u);
  BOOST_TEST(now.commits > 0u);
}

void a_message_to_oneself_is_a_stream_like_any_other(desk& d) {
  const auto a = d.claim("a/1");
  BOOST_TEST(d.send(a, a.id, 2) == numbers({1, 2}));
  turn_commit t = desk::turn(a);
  t.marks = {{a.birth, lane::mail, 0, 1}};
  t.applied = 1;
  t.outbox = {desk::mail(a.id, "next")};
  BOOST_TEST(d.commit(t).numbers == numbers({3}));
  BOOST_TEST(shape(d.pending(a.id)) == "1:2 1:3");
}

} // namespace

std::vector<contract_case> stream_contract() {
#define CASE(name)                                                                                           \
  { #name, name }
  return {CASE(numbers_of_a_stream_are_contiguous_from_one),
          CASE(each_receiver_lane_and_sender_has_numbers_of_its_own),
          CASE(numbers_go_on_when_all_rows_were_applied),
          CASE(numbers_go_on_after_the_store_was_opened_again),
          CASE(turns_in_flight_together_are_numbered_in_order),
          CASE(applied_rows_leave_the_outbox),
          CASE(a_mark_that_has_moved_fences_the_turn_whole),
          CASE(after_a_refused_turn_its_activation_cannot_commit),
          CASE(a_mark_cannot_pass_what_was_sent),
          CASE(a_turn_must_account_for_every_message_it_takes),
          CASE(marks_of_several_streams_move_in_one_turn),
          CASE(turns_in_flight_together_move_a_mark_step_by_step),
          CASE(a_window_shares_its_room_between_streams),
          CASE(a_window_begins_after_the_stream_it_is_told),
          CASE(a_window_begins_at_the_mark),
          CASE(the_lanes_have_windows_of_their_own),
          CASE(pending_rows_are_counted_per_stream_and_sender_in_the_mail_lane),
          CASE(pending_rows_are_counted_again_after_opening),
          CASE(the_ledger_adds_up),
          CASE(a_message_to_oneself_is_a_stream_like_any_other)};
#undef CASE
}

} // namespace troupe::testing
