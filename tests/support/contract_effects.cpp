#include "tests/support/journal_contract.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::testing {
namespace {

using namespace journal;
using desk = journal_desk;

loaded_agent asked_for(desk& d, const std::string& effect) {
  const auto a = d.claim("a/1");
  turn_commit t = desk::turn(a);
  t.effects = {desk::effect(effect)};
  d.commit(t);
  return a;
}

result<bool> record(desk& d, const std::string& effect, std::uint64_t executor, const std::string& outcome) {
  return d.ask<bool>([&](auto done) { d.store().record_result(effect, executor, outcome, done); });
}

result<effect_row> adopt(desk& d, const std::string& effect) {
  return d.ask<effect_row>([&](auto done) { d.store().adopt_effect(effect, done); });
}

void an_effect_belongs_to_the_node_that_asked(desk& d) {
  asked_for(d, "e1");
  const auto found = d.describe("a/1").effects;
  BOOST_REQUIRE(found.size() == 1u);
  const effect_put wanted = desk::effect("e1");
  BOOST_TEST(found[0].executor == d.store().node_epoch());
  BOOST_TEST(found[0].attempt == 1u);
  BOOST_TEST(!found[0].result.has_value());
  BOOST_TEST(found[0].effect.verb == wanted.verb);
  BOOST_TEST(found[0].effect.target == wanted.target);
  BOOST_TEST(found[0].effect.body == wanted.body);
  BOOST_TEST(found[0].effect.key == wanted.key);
  BOOST_TEST((found[0].effect.deadline == wanted.deadline));
}

void its_executor_records_what_an_effect_came_to(desk& d) {
  asked_for(d, "e1");
  BOOST_TEST(record(d, "e1", d.store().node_epoch(), "answer").value() == true);
  BOOST_TEST(d.describe("a/1").effects.at(0).result.value() == "answer");
}

void the_first_recorded_answer_stays(desk& d) {
  asked_for(d, "e1");
  record(d, "e1", d.store().node_epoch(), "first");
  BOOST_TEST(record(d, "e1", d.store().node_epoch(), "second").value() == false);
  BOOST_TEST(d.describe("a/1").effects.at(0).result.value() == "first");
}

void an_answer_from_another_executor_is_refused(desk& d) {
  asked_for(d, "e1");
  const auto refused = record(d, "e1", d.store().node_epoch() + 1, "answer");
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::fenced));
}

void an_answer_nobody_waits_for_is_refused(desk& d) {
  const auto a = asked_for(d, "e1");
  turn_commit t = desk::turn(a);
  t.effect_clears = {"e1"};
  d.commit(t);
  BOOST_TEST(d.describe("a/1").effects.empty());
  BOOST_TEST(!record(d, "e1", d.store().node_epoch(), "answer").has_value());
}

void an_effect_is_not_fenced_by_its_agents_epoch(desk& d) {
  asked_for(d, "e1");
  const auto moved = d.claim("a/1");
  BOOST_TEST(moved.effects.size() == 1u);
  BOOST_TEST(record(d, "e1", d.store().node_epoch(), "paid for").value() == true);
}

void a_later_opening_adopts_an_effect(desk& d) {
  asked_for(d, "e1");
  const auto former = d.store().node_epoch();
  d.reopen();
  const auto adopted = adopt(d, "e1");
  BOOST_TEST(adopted->executor == d.store().node_epoch());
  BOOST_TEST(adopted->attempt == 2u);
  BOOST_TEST(adopted->effect.id == "e1");
  BOOST_TEST(!record(d, "e1", former, "too late").has_value());
  BOOST_TEST(record(d, "e1", d.store().node_epoch(), "answer").value() == true);
}

void an_answered_effect_is_handed_over_with_its_answer(desk& d) {
  asked_for(d, "e1");
  record(d, "e1", d.store().node_epoch(), "answer");
  d.reopen();
  const auto adopted = adopt(d, "e1");
  BOOST_TEST(adopted->result.value() == "answer");
  BOOST_TEST(adopted->attempt == 1u);
}

void ones_own_effect_is_not_adopted(desk& d) {
  asked_for(d, "e1");
  const auto refused = adopt(d, "e1");
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::conflict));
  const auto none = adopt(d, "e2");
  BOOST_REQUIRE(!none.has_value());
  BOOST_TEST((none.error().what == fault::not_found));
}

void an_effect_put_again_keeps_its_answer(desk& d) {
  const auto a = asked_for(d, "e1");
  record(d, "e1", d.store().node_epoch(), "answer");
  turn_commit t = desk::turn(a);
  t.effects = {desk::effect("e1")};
  BOOST_TEST((d.commit(t).status == commit_status::durable));
  BOOST_TEST(d.describe("a/1").effects.at(0).result.value() == "answer");
}

void an_effect_cleared_and_put_in_one_turn_is_new(desk& d) {
  const auto a = asked_for(d, "e1");
  record(d, "e1", d.store().node_epoch(), "answer");
  turn_commit t = desk::turn(a);
  t.effect_clears = {"e1"};
  t.effects = {desk::effect("e1")};
  d.commit(t);
  BOOST_TEST(!d.describe("a/1").effects.at(0).result.has_value());
}

} // namespace

std::vector<contract_case> effect_contract() {
#define CASE(name)                                                                                           \
  { #name, name }
  return {CASE(an_effect_belongs_to_the_node_that_asked),
          CASE(its_executor_records_what_an_effect_came_to),
          CASE(the_first_recorded_answer_stays),
          CASE(an_answer_from_another_executor_is_refused),
          CASE(an_answer_nobody_waits_for_is_refused),
          CASE(an_effect_is_not_fenced_by_its_agents_epoch),
          CASE(a_later_opening_adopts_an_effect),
          CASE(an_answered_effect_is_handed_over_with_its_answer),
          CASE(ones_own_effect_is_not_adopted),
          CASE(an_effect_put_again_keeps_its_answer),
          CASE(an_effect_cleared_and_put_in_one_turn_is_new)};
#undef CASE
}

} // namespace troupe::testing
