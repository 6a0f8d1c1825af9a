#include "tests/support/journal_contract.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::testing {
namespace {

using namespace journal;
using numbers = std::vector<std::uint64_t>;
using desk = journal_desk;

const instant now = from_ms(1'000'000);

result<bool> purge(desk& d, const agent_id& id) {
  return d.ask<bool>([&](auto done) { d.store().purge(id, now, done); });
}

/// Whether the agent could be purged with this row in it.
bool purged_with(desk& d, agent_row row) {
  const auto a = d.claim("a/1");
  turn_commit t = desk::turn(a);
  t.puts = {std::move(row)};
  d.commit(t);
  const auto answer = purge(d, a.id);
  return answer.has_value();
}

void an_agent_with_nothing_open_is_purged(desk& d) {
  BOOST_TEST(purged_with(d, desk::row(row_class::document, "state", "x")));
  const auto gone = d.ask<loaded_agent>([&](auto done) { d.store().describe(desk::id("a/1"), done); });
  BOOST_REQUIRE(!gone.has_value());
  BOOST_TEST((gone.error().what == fault::not_found));
}

void an_open_task_keeps_its_agent(desk& d) {
  BOOST_TEST(!purged_with(d, desk::row(row_class::task, "t", "x")));
}
void a_timer_keeps_its_agent(desk& d) { BOOST_TEST(!purged_with(d, desk::row(row_class::timer, "t", "x"))); }
void a_signal_keeps_its_agent(desk& d) {
  BOOST_TEST(!purged_with(d, desk::row(row_class::signal, "t", "x")));
}

void a_live_call_key_keeps_its_agent(desk& d) {
  BOOST_TEST(!purged_with(d, desk::row(row_class::call_key, "k", "x", now + milliseconds(1))));
}

void an_expired_call_key_does_not_keep_its_agent(desk& d) {
  BOOST_TEST(purged_with(d, desk::row(row_class::call_key, "k", "x", now)));
}

void an_effect_keeps_its_agent(desk& d) {
  const auto a = d.claim("a/1");
  turn_commit t = desk::turn(a);
  t.effects = {desk::effect("e1")};
  d.commit(t);
  const auto refused = purge(d, a.id);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::conflict));
}

void a_message_on_its_way_keeps_its_sender(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 1, lane::control);
  BOOST_TEST(!purge(d, a.id).has_value());
  d.apply(b, a.birth, 0, 1, lane::control);
  BOOST_TEST(purge(d, a.id).has_value());
}

void an_unknown_agent_cannot_be_purged(desk& d) {
  const auto refused = purge(d, desk::id("a/1"));
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::not_found));
}

void mail_a_purged_agent_had_not_read_becomes_dead_letters(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 2);
  d.send(a, b.id, 1, lane::control);
  BOOST_TEST(purge(d, b.id).has_value());
  const auto letters =
      d.ask<page<stored_dead_letter>>([&](auto done) { d.store().dead_letters("", 10, done); });
  BOOST_REQUIRE(letters->items.size() == 2u);
  const dead_letter& first = letters->items[0].letter;
  BOOST_TEST(first.reason == "purged");
  BOOST_TEST(first.to.text() == "b/1");
  BOOST_TEST(first.from.text() == "a/1");
  BOOST_TEST((first.at == now));
  BOOST_TEST(first.envelope.starts_with("m"));
  const auto sums = d.totals();
  BOOST_TEST(sums.dead_lettered == 2u);
  BOOST_TEST(sums.skipped == 1u);
  BOOST_TEST(sums.pending == 0u);
  BOOST_TEST(d.store().pending_count(a.birth) == 0u);
}

void an_agent_born_again_is_somebody_else(desk& d) {
  const auto first = d.claim("a/1");
  turn_commit t = desk::turn(first);
  t.puts = {desk::row(row_class::document, "state", "x")};
  d.commit(t);
  purge(d, first.id);
  const auto second = d.claim("a/1");
  BOOST_TEST(second.newborn);
  BOOST_TEST(second.birth > first.birth);
  BOOST_TEST(second.rows.empty());
  BOOST_TEST((d.commit(desk::turn(first)).status == commit_status::fenced));
}

void streams_to_an_agent_born_again_begin_at_one(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 3);
  d.apply(b, a.birth, 0, 3);
  d.send(a, b.id, 1);
  purge(d, b.id);
  BOOST_TEST(d.send(a, b.id, 1) == numbers({1}));
  const auto again = d.claim("b/1");
  BOOST_TEST((d.apply(again, a.birth, 0, 1).status == commit_status::durable));
}

void streams_from_an_agent_born_again_begin_at_one(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 2);
  d.apply(b, a.birth, 0, 2);
  purge(d, a.id);
  const auto again = d.claim("a/1");
  BOOST_TEST(d.send(again, b.id, 1) == numbers({1}));
  BOOST_TEST((d.apply(b, again.birth, 0, 1).status == commit_status::durable));
}

void births_are_never_given_twice_even_after_opening_again(desk& d) {
  const auto first = d.claim("a/1");
  purge(d, first.id);
  d.reopen();
  BOOST_TEST(d.claim("a/1").birth > first.birth);
}

void control_messages_to_nobody_are_skipped(desk& d) {
  const auto a = d.claim("a/1");
  const auto nobody = desk::id("b/1");
  d.send(a, nobody, 2, lane::control);
  const auto skipped =
      d.ask<std::uint32_t>([&](auto done) { d.store().skip_control_of_absent(nobody, now, done); });
  BOOST_TEST(skipped.value() == 2u);
  BOOST_TEST(d.totals().skipped == 2u);
  BOOST_TEST(d.pending(nobody, lane::control).rows.empty());
  BOOST_TEST(d.send(a, nobody, 1, lane::control) == numbers({1}));
}

void control_messages_to_somebody_are_his_to_apply(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 1, lane::control);
  const auto refused =
      d.ask<std::uint32_t>([&](auto done) { d.store().skip_control_of_absent(b.id, now, done); });
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::conflict));
}

void the_mark_of_a_purged_sender_is_swept(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 1);
  d.apply(b, a.birth, 0, 1);
  const auto sweep = [&](auto done) { d.store().sweep({}, {}, {}, 100, done); };
  d.ask<std::size_t>(sweep); // the message itself may have lain in a blob
  BOOST_TEST(d.ask<std::size_t>(sweep).value() == 0u);
  purge(d, a.id);
  BOOST_TEST(d.ask<std::size_t>(sweep).value() == 1u);
  BOOST_TEST(d.ask<std::size_t>(sweep).value() == 0u);
}

result<bool> retire(desk& d, const loaded_agent& a) {
  return d.ask<bool>([&](auto done) { d.store().retire(a.id, a.epoch, now, done); });
}

void an_agent_past_its_retention_is_gone(desk& d) {
  const auto a = d.claim("a/1");
  BOOST_TEST(retire(d, a).has_value());
  BOOST_TEST(d.claim("a/1").newborn);
}

void an_agent_that_was_taken_over_is_not_retired(desk& d) {
  const auto a = d.claim("a/1");
  d.claim("a/1");
  const auto refused = retire(d, a);
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::conflict));
}

void an_agent_with_mail_is_not_retired(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  d.send(a, b.id, 1);
  BOOST_TEST(!retire(d, b).has_value());
  d.apply(b, a.birth, 0, 1);
  BOOST_TEST(retire(d, b).has_value());
}

} // namespace

std::vector<contract_case> purge_contract() {
#define CASE(name)                                                                                           \
  { #name, name }
  return {CASE(an_agent_with_nothing_open_is_purged),
          CASE(an_open_task_keeps_its_agent),
          CASE(a_timer_keeps_its_agent),
          CASE(a_signal_keeps_its_agent),
          CASE(a_live_call_key_keeps_its_agent),
          CASE(an_expired_call_key_does_not_keep_its_agent),
          CASE(an_effect_keeps_its_agent),
          CASE(a_message_on_its_way_keeps_its_sender),
          CASE(an_unknown_agent_cannot_be_purged),
          CASE(mail_a_purged_agent_had_not_read_becomes_dead_letters),
          CASE(an_agent_born_again_is_somebody_else),
          CASE(streams_to_an_agent_born_again_begin_at_one),
          CASE(streams_from_an_agent_born_again_begin_at_one),
          CASE(births_are_never_given_twice_even_after_opening_again),
          CASE(control_messages_to_nobody_are_skipped),
          CASE(control_messages_to_somebody_are_his_to_apply),
          CASE(the_mark_of_a_purged_sender_is_swept),
          CASE(an_agent_past_its_retention_is_gone),
          CASE(an_agent_that_was_taken_over_is_not_retired),
          CASE(an_agent_with_mail_is_not_retired)};
#undef CASE
}

} // namespace troupe::testing
