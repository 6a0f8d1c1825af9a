#include "tests/support/journal_contract.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::testing {
namespace {

using namespace journal;
using desk = journal_desk;

const std::string large(200'000, 'L'); // above every blob threshold

turn_commit putting(const loaded_agent& of, std::vector<agent_row> rows) {
  turn_commit t = desk::turn(of);
  t.puts = std::move(rows);
  return t;
}

agent_row document(std::string key, std::string body) {
  return desk::row(row_class::document, std::move(key), std::move(body));
}

void a_claim_creates_an_agent_once(desk& d) {
  const auto first = d.claim("a/1");
  const auto second = d.claim("a/1");
  BOOST_TEST(first.newborn);
  BOOST_TEST(!second.newborn);
  BOOST_TEST(second.birth == first.birth);
  BOOST_TEST(second.epoch == first.epoch + 1);
  BOOST_TEST(second.id.text() == "a/1");
}

void every_agent_has_a_birth_of_its_own(desk& d) {
  const auto first = d.claim("a/1");
  const auto second = d.claim("@acme/a/1");
  BOOST_TEST(second.birth > first.birth);
  BOOST_TEST(second.births == second.birth);
}

void an_unknown_agent_is_not_created_unasked(desk& d) {
  const auto none = d.ask<loaded_agent>([&](auto done) { d.store().claim(desk::id("a/1"), false, done); });
  BOOST_REQUIRE(!none.has_value());
  BOOST_TEST((none.error().what == fault::not_found));
  BOOST_TEST(d.claim("a/1").newborn);
}

void an_older_activation_cannot_commit(desk& d) {
  const auto old = d.claim("a/1");
  const auto now = d.claim("a/1");
  BOOST_TEST((d.commit(putting(old, {document("state", "old")})).status == commit_status::fenced));
  BOOST_TEST((d.commit(putting(now, {document("state", "new")})).status == commit_status::durable));
  BOOST_TEST(d.rows("a/1", row_class::document) == "state=new");
}

void a_claim_between_two_turns_separates_them(desk& d) {
  const auto old = d.claim("a/1");
  std::optional<receipt> before;
  std::optional<receipt> after;
  d.store().commit(putting(old, {document("one", "1")}), [&](receipt r) { before = std::move(r); });
  d.store().claim(old.id, false, [](result<loaded_agent>) {});
  d.store().commit(putting(old, {document("two", "2")}), [&](receipt r) { after = std::move(r); });
  const auto now = d.claim("a/1"); // answered after the others
  BOOST_TEST((before->status == commit_status::durable));
  BOOST_TEST((after->status == commit_status::fenced));
  BOOST_TEST(now.epoch == old.epoch + 2);
  BOOST_TEST(d.rows("a/1", row_class::document) == "one=1");
}

void a_claim_finds_what_turns_handed_in_before_it_wrote(desk& d) {
  const auto old = d.claim("a/1");
  d.store().commit(putting(old, {document("state", "late")}), [](receipt) {});
  const auto now = d.claim("a/1");
  BOOST_REQUIRE(now.rows.size() == 1u);
  BOOST_TEST(now.rows[0].body == "late");
}

void writes_are_answered_in_the_order_they_were_handed_in(desk& d) {
  const auto a = d.claim("a/1");
  std::string order;
  d.store().commit(putting(a, {document("k", "1")}), [&](receipt) { order += "commit "; });
  d.store().mark_replayed("none", [&](result<bool>) { order += "replayed "; });
  d.store().claim(desk::id("b/1"), true, [&](result<loaded_agent>) { order += "claim "; });
  d.claim("c/1");
  BOOST_TEST(order == "commit replayed claim ");
}

void rows_are_put_replaced_and_erased_by_key(desk& d) {
  const auto a = d.claim("a/1");
  d.commit(putting(a, {document("x", "1"), document("y", "1"), document("z", "1")}));
  turn_commit t = putting(a, {document("y", "2")});
  t.erases = {{row_class::document, "x", false}};
  d.commit(t);
  BOOST_TEST(d.rows("a/1", row_class::document) == "y=2 z=1");
}

void rows_are_erased_by_prefix_before_the_same_turn_puts(desk& d) {
  const auto a = d.claim("a/1");
  d.commit(putting(a, {document("t/1", "a"), document("t/2", "b"), document("u/1", "c")}));
  turn_commit t = putting(a, {document("t/3", "d")});
  t.erases = {{row_class::document, "t/", true}};
  d.commit(t);
  BOOST_TEST(d.rows("a/1", row_class::document) == "t/3=d u/1=c");
}

void an_empty_prefix_means_the_whole_class(desk& d) {
  const auto a = d.claim("a/1");
  d.commit(putting(a, {document("x", "1"), desk::row(row_class::counter, "c", "1")}));
  turn_commit t = desk::turn(a);
  t.erases = {{row_class::document, "", true}};
  d.commit(t);
  BOOST_TEST(d.rows("a/1", row_class::document) == "");
  BOOST_TEST(d.rows("a/1", row_class::counter) == "c=1");
}

void a_prefix_of_all_ones_ends_where_the_class_ends(desk& d) {
  const auto a = d.claim("a/1");
  d.commit(putting(a, {document("\xff\xff"
                                "x",
                                "1"),
                       document("a", "2")}));
  turn_commit t = desk::turn(a);
  t.erases = {{row_class::document, "\xff\xff", true}};
  d.commit(t);
  BOOST_TEST(d.rows("a/1", row_class::document) == "a=2");
}

void turns_in_flight_together_leave_what_one_after_the_other_would(desk& d) {
  const auto a = d.claim("a/1");
  turn_commit first = putting(a, {document("t/1", "1"), document("t/2", "1"), document("s", "1")});
  turn_commit second = putting(a, {document("t/3", "2"), document("s", "2")});
  second.erases = {{row_class::document, "t/", true}};
  turn_commit third = putting(a, {document("t/1", "3")});
  third.erases = {{row_class::document, "t/3", false}};
  d.commit_together({first, second, third});
  BOOST_TEST(d.rows("a/1", row_class::document) == "s=2 t/1=3");
}

void keys_of_any_bytes_are_kept_in_order(desk& d) {
  const auto a = d.claim("a/1");
  using namespace std::string_literals;
  d.commit(putting(a, {desk::row(row_class::record, "t\x00\x02"s, "two"),
                       desk::row(row_class::record, "t\x00\x01"s, "one"),
                       desk::row(row_class::record, "t\x80\x00"s, "three")}));
  BOOST_TEST(d.rows("a/1", row_class::record) == "t\x00\x01=one t\x00\x02=two t\x80\x00=three"s);
}

void ingress_rows_are_found_but_not_loaded(desk& d) {
  const auto a = d.claim("ingress/0");
  d.commit(putting(a, {desk::row(row_class::ingress, "key-1", "outcome", from_ms(500)), document("s", "1")}));
  BOOST_TEST(d.claim("ingress/0").rows.size() == 1u);
  const auto found = d.ask<std::optional<agent_row>>(
      [&](auto done) { d.store().find_row(a.birth, row_class::ingress, "key-1", done); });
  BOOST_REQUIRE((found.has_value() && found->has_value()));
  BOOST_TEST((*found)->body == "outcome");
  BOOST_TEST(((*found)->expires == from_ms(500)));
  const auto none = d.ask<std::optional<agent_row>>(
      [&](auto done) { d.store().find_row(a.birth, row_class::ingress, "key-2", done); });
  BOOST_REQUIRE(none.has_value());
  BOOST_TEST(!none->has_value());
}

void a_row_keeps_its_schema_and_expiry(desk& d) {
  const auto a = d.claim("a/1");
  const agent_row row{row_class::signal, "name", 7, "body", from_ms(123'456)};
  d.commit(putting(a, {row}));
  BOOST_TEST((d.describe("a/1").rows == std::vector<agent_row>{row}));
}

void large_payloads_come_back_whole(desk& d) {
  const auto a = d.claim("a/1");
  turn_commit t = putting(a, {document("state", large)});
  t.outbox = {desk::mail(desk::id("b/1"), large + "envelope")};
  t.events = {desk::event("noted", 1)};
  t.events[0].detail = large + "detail";
  t.dead_letters = {desk::letter("01L", 5)};
  t.dead_letters[0].envelope = large + "letter";
  d.commit(t);
  d.reopen();
  BOOST_TEST((d.describe("a/1").rows.at(0).body == large));
  BOOST_TEST((d.pending(desk::id("b/1")).rows.at(0).envelope == large + "envelope"));
  const auto history = d.ask<page<stored_event>>([&](auto done) { d.store().history(a.id, "", 10, done); });
  BOOST_TEST((history->items.at(0).event.detail == large + "detail"));
  const auto letter = d.ask<stored_dead_letter>([&](auto done) { d.store().find_dead_letter("01L", done); });
  BOOST_TEST((letter->letter.envelope == large + "letter"));
}

void two_rows_may_hold_the_same_large_payload(desk& d) {
  const auto a = d.claim("a/1");
  d.commit(putting(a, {document("x", large), document("y", large)}));
  turn_commit t = desk::turn(a);
  t.erases = {{row_class::document, "x", false}};
  d.commit(t);
  const auto swept = d.ask<std::size_t>([&](auto done) { d.store().sweep({}, {}, {}, 100, done); });
  BOOST_REQUIRE(swept.has_value());
  BOOST_TEST((d.describe("a/1").rows.at(0).body == large));
}

void what_is_durable_is_there_after_opening_again(desk& d) {
  const auto a = d.claim("a/1");
  turn_commit t = putting(a, {document("state", "kept")});
  t.next_due = from_ms(700);
  t.status = agent_status::stopped;
  t.reason = "by hand";
  t.effects = {desk::effect("e1")};
  d.commit(t);
  const auto epoch = d.store().node_epoch();
  d.reopen();
  const auto again = d.claim("a/1");
  BOOST_TEST(d.store().node_epoch() > epoch);
  BOOST_TEST(again.birth == a.birth);
  BOOST_TEST(again.epoch == a.epoch + 1);
  BOOST_TEST((again.rows == t.puts));
  BOOST_TEST((again.next_due == from_ms(700)));
  BOOST_TEST((again.status == agent_status::stopped));
  BOOST_TEST(again.reason == "by hand");
  BOOST_TEST(again.effects.size() == 1u);
}

void what_a_turn_does_not_say_stays_as_it_was(desk& d) {
  const auto a = d.claim("a/1");
  turn_commit t = desk::turn(a);
  t.next_due = from_ms(700);
  t.status = agent_status::failed;
  t.reason = "why";
  d.commit(t);
  d.commit(putting(a, {document("x", "1")}));
  const auto now = d.describe("a/1");
  BOOST_TEST((now.next_due == from_ms(700)));
  BOOST_TEST((now.status == agent_status::failed));
  t = desk::turn(a);
  t.next_due = never;
  d.commit(t);
  BOOST_TEST((d.describe("a/1").next_due == never));
}

void describing_an_agent_changes_nothing(desk& d) {
  const auto a = d.claim("a/1");
  BOOST_TEST(d.describe("a/1").epoch == a.epoch);
  BOOST_TEST(d.describe("a/1").epoch == a.epoch);
  const auto none = d.ask<loaded_agent>([&](auto done) { d.store().describe(desk::id("a/2"), done); });
  BOOST_REQUIRE(!none.has_value());
  BOOST_TEST((none.error().what == fault::not_found));
}

} // namespace

std::vector<contract_case> agent_contract() {
#define CASE(name)                                                                                           \
  { #name, name }
  return {CASE(a_claim_creates_an_agent_once),
          CASE(every_agent_has_a_birth_of_its_own),
          CASE(an_unknown_agent_is_not_created_unasked),
          CASE(an_older_activation_cannot_commit),
          CASE(a_claim_between_two_turns_separates_them),
          CASE(a_claim_finds_what_turns_handed_in_before_it_wrote),
          CASE(writes_are_answered_in_the_order_they_were_handed_in),
          CASE(rows_are_put_replaced_and_erased_by_key),
          CASE(rows_are_erased_by_prefix_before_the_same_turn_puts),
          CASE(an_empty_prefix_means_the_whole_class),
          CASE(a_prefix_of_all_ones_ends_where_the_class_ends),
          CASE(turns_in_flight_together_leave_what_one_after_the_other_would),
          CASE(keys_of_any_bytes_are_kept_in_order),
          CASE(ingress_rows_are_found_but_not_loaded),
          CASE(a_row_keeps_its_schema_and_expiry),
          CASE(large_payloads_come_back_whole),
          CASE(two_rows_may_hold_the_same_large_payload),
          CASE(what_is_durable_is_there_after_opening_again),
          CASE(what_a_turn_does_not_say_stays_as_it_was),
          CASE(describing_an_agent_changes_nothing)};
#undef CASE
}

} // namespace troupe::testing
