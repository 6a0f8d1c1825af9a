#include "tests/support/journal_contract.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::testing {
namespace {

using namespace journal;
using names = std::vector<std::string>;
using desk = journal_desk;

void due_at(desk& d, const std::string& agent, instant when) {
  turn_commit t = desk::turn(d.claim(agent));
  t.next_due = when;
  d.commit(t);
}

void who_has_mail_needs_waking(desk& d) {
  const auto a = d.claim("a/1");
  d.send(a, desk::id("b/1"), 2);
  d.send(a, desk::id("@acme/c/unborn"), 1, lane::control);
  BOOST_TEST(d.duties(from_ms(0)) == names({"@acme/c/unborn", "b/1"}), boost::test_tools::per_element());
}

void who_is_due_needs_waking(desk& d) {
  due_at(d, "a/1", from_ms(100));
  due_at(d, "a/2", from_ms(200));
  d.claim("a/3");
  BOOST_TEST(d.duties(from_ms(99)).empty());
  BOOST_TEST(d.duties(from_ms(100)) == names({"a/1"}), boost::test_tools::per_element());
  BOOST_TEST(d.duties(from_ms(200)) == names({"a/1", "a/2"}), boost::test_tools::per_element());
}

void who_has_an_answer_to_consume_needs_waking(desk& d) {
  turn_commit t = desk::turn(d.claim("a/1"));
  t.effects = {desk::effect("e1"), desk::effect("e2")};
  d.commit(t);
  BOOST_TEST(d.duties(from_ms(0)).empty());
  d.ask<bool>([&](auto done) { d.store().record_result("e1", d.store().node_epoch(), "answer", done); });
  BOOST_TEST(d.duties(from_ms(0)) == names({"a/1"}), boost::test_tools::per_element());
}

void whose_effect_has_no_executor_any_more_needs_waking(desk& d) {
  turn_commit t = desk::turn(d.claim("a/1"));
  t.effects = {desk::effect("e1")};
  d.commit(t);
  d.reopen();
  BOOST_TEST(d.duties(from_ms(0)) == names({"a/1"}), boost::test_tools::per_element());
  d.ask<effect_row>([&](auto done) { d.store().adopt_effect("e1", done); });
  BOOST_TEST(d.duties(from_ms(0)).empty());
}

void nobody_is_named_twice_and_pages_leave_nobody_out(desk& d) {
  const auto a = d.claim("a/1");
  d.send(a, desk::id("b/1"), 1);
  d.send(a, desk::id("b/2"), 1);
  due_at(d, "b/1", from_ms(1)); // has mail too
  due_at(d, "c/1", from_ms(1));
  due_at(d, "c/2", from_ms(1));
  turn_commit t = desk::turn(d.claim("c/2")); // is due too
  t.effects = {desk::effect("e1")};
  d.commit(t);
  t = desk::turn(d.claim("e/1"));
  t.effects = {desk::effect("e2")};
  d.commit(t);
  d.reopen();
  const names all = {"b/1", "b/2", "c/1", "c/2", "e/1"};
  BOOST_TEST(d.duties(from_ms(5)) == all, boost::test_tools::per_element());
  BOOST_TEST(d.duties(from_ms(5), 1) == all, boost::test_tools::per_element());
  BOOST_TEST(d.duties(from_ms(5), 2) == all, boost::test_tools::per_element());
}

void a_cursor_of_another_list_is_refused(desk& d) {
  const auto refused =
      d.ask<page<duty>>([&](auto done) { d.store().duties(from_ms(0), "nonsense", 10, done); });
  BOOST_REQUIRE(!refused.has_value());
  BOOST_TEST((refused.error().what == fault::invalid));
}

names listed(desk& d, const std::string& prefix, std::size_t limit) {
  names all;
  std::string cursor;
  do {
    const auto found =
        d.ask<page<agent_summary>>([&](auto done) { d.store().agents(prefix, cursor, limit, done); });
    for (const agent_summary& s : found->items)
      all.push_back(s.id.text());
    cursor = found->next_cursor;
  } while (!cursor.empty());
  return all;
}

void agents_are_listed_by_prefix(desk& d) {
  for (const char* name : {"sales/2", "sales/1", "sales.east/1", "support/1", "@acme/sales/1"})
    d.claim(name);
  using boost::test_tools::per_element;
  BOOST_TEST(listed(d, "sales", 100) == names({"sales/1", "sales/2", "sales.east/1"}), per_element());
  BOOST_TEST(listed(d, "sales/", 100) == names({"sales/1", "sales/2"}), per_element());
  BOOST_TEST(listed(d, "sales/2", 100) == names({"sales/2"}), per_element());
  BOOST_TEST(listed(d, "@ac", 100) == names({"@acme/sales/1"}), per_element());
  BOOST_TEST(listed(d, "", 100).size() == 5u);
  BOOST_TEST(listed(d, "tax", 100).empty());
}

void pages_of_agents_leave_nobody_out(desk& d) {
  for (const char* name : {"a/1", "a/2", "a/3", "a/4", "a/5"})
    d.claim(name);
  const names all = {"a/1", "a/2", "a/3", "a/4", "a/5"};
  BOOST_TEST(listed(d, "", 2) == all, boost::test_tools::per_element());
  BOOST_TEST(listed(d, "a/", 5) == all, boost::test_tools::per_element());
}

void an_agent_is_summed_up_in_a_line(desk& d) {
  turn_commit t = desk::turn(d.claim("a/1"));
  t.status = agent_status::failed;
  t.reason = "too many restarts";
  t.next_due = from_ms(10);
  d.commit(t);
  const auto found = d.ask<page<agent_summary>>([&](auto done) { d.store().agents("", "", 10, done); });
  const agent_summary& line = found->items.at(0);
  BOOST_TEST(line.birth == t.birth);
  BOOST_TEST(line.epoch == t.epoch);
  BOOST_TEST((line.status == agent_status::failed));
  BOOST_TEST(line.reason == "too many restarts");
  BOOST_TEST((line.next_due == from_ms(10)));
}

names kinds(const page<stored_event>& of) {
  names all;
  for (const stored_event& e : of.items)
    all.push_back(e.event.kind);
  return all;
}

void history_is_told_newest_first_and_per_agent(desk& d) {
  const auto a = d.claim("a/1");
  const auto b = d.claim("b/1");
  turn_commit first = desk::turn(a);
  first.events = {desk::event("one", 1), desk::event("two", 2)};
  turn_commit other = desk::turn(b);
  other.events = {desk::event("elsewhere", 2)};
  turn_commit second = desk::turn(a);
  second.events = {desk::event("three", 3)};
  d.commit_together({first, other, second});
  using boost::test_tools::per_element;
  const auto part = d.ask<page<stored_event>>([&](auto done) { d.store().history(a.id, "", 2, done); });
  BOOST_TEST(kinds(*part) == names({"three", "two"}), per_element());
  BOOST_TEST(part->items[0].event.trace == "trace-1");
  BOOST_TEST(part->items[0].event.detail == R"({"n":1})");
  BOOST_TEST((part->items[0].event.at == from_ms(3)));
  BOOST_TEST(part->items[0].number > part->items[1].number);
  const auto rest =
      d.ask<page<stored_event>>([&](auto done) { d.store().history(a.id, part->next_cursor, 2, done); });
  BOOST_TEST(kinds(*rest) == names({"one"}), per_element());
  BOOST_TEST(rest->next_cursor == "");
}

void dead_letters_are_listed_found_and_marked(desk& d) {
  turn_commit t = desk::turn(d.claim("a/1"));
  t.dead_letters = {desk::letter("01A", 1), desk::letter("01B", 2), desk::letter("01C", 3)};
  d.commit(t);
  const auto part = d.ask<page<stored_dead_letter>>([&](auto done) { d.store().dead_letters("", 2, done); });
  BOOST_TEST(part->items.size() == 2u);
  const auto rest =
      d.ask<page<stored_dead_letter>>([&](auto done) { d.store().dead_letters(part->next_cursor, 2, done); });
  BOOST_REQUIRE(rest->items.size() == 1u);
  BOOST_TEST(rest->items[0].letter.id == "01C");
  BOOST_TEST(rest->items[0].letter.note == "it did not work");
  BOOST_TEST(!rest->items[0].replayed);
  d.ask<bool>([&](auto done) { d.store().mark_replayed("01C", done); });
  const auto found = d.ask<stored_dead_letter>([&](auto done) { d.store().find_dead_letter("01C", done); });
  BOOST_TEST(found->replayed);
  BOOST_TEST(found->letter.from.text() == "a/from");
  const auto none = d.ask<stored_dead_letter>([&](auto done) { d.store().find_dead_letter("01D", done); });
  BOOST_REQUIRE(!none.has_value());
  BOOST_TEST((none.error().what == fault::not_found));
}

void a_sweep_takes_what_is_past_its_time_and_nothing_else(desk& d) {
  turn_commit t = desk::turn(d.claim("a/1"));
  t.puts = {desk::row(row_class::call_key, "old", "x", from_ms(9)),
            desk::row(row_class::call_key, "new", "x", from_ms(10)),
            desk::row(row_class::call_key, "open", "x"),
            desk::row(row_class::signal, "for the agent to end", "x", from_ms(1)),
            desk::row(row_class::ingress, "old", "x", from_ms(9))};
  t.events = {desk::event("old", 19), desk::event("new", 20)};
  t.dead_letters = {desk::letter("01OLD", 29), desk::letter("02NEW", 30)};
  d.commit(t);
  const auto gone = d.ask<std::size_t>(
      [&](auto done) { d.store().sweep(from_ms(10), from_ms(20), from_ms(30), 100, done); });
  BOOST_TEST(gone.value() == 4u);
  BOOST_TEST(d.rows("a/1", row_class::call_key) == "new=x open=x");
  BOOST_TEST(d.rows("a/1", row_class::signal) == "for the agent to end=x");
  const auto history = d.ask<page<stored_event>>([&](auto done) { d.store().history(t.id, "", 10, done); });
  BOOST_TEST(kinds(*history) == names({"new"}), boost::test_tools::per_element());
  const auto letters =
      d.ask<page<stored_dead_letter>>([&](auto done) { d.store().dead_letters("", 10, done); });
  BOOST_TEST(letters->items.size() == 1u);
}

} // namespace

std::vector<contract_case> list_contract() {
#define CASE(name)                                                                                           \
  { #name, name }
  return {CASE(who_has_mail_needs_waking),
          CASE(who_is_due_needs_waking),
          CASE(who_has_an_answer_to_consume_needs_waking),
          CASE(whose_effect_has_no_executor_any_more_needs_waking),
          CASE(nobody_is_named_twice_and_pages_leave_nobody_out),
          CASE(a_cursor_of_another_list_is_refused),
          CASE(agents_are_listed_by_prefix),
          CASE(pages_of_agents_leave_nobody_out),
          CASE(an_agent_is_summed_up_in_a_line),
          CASE(history_is_told_newest_first_and_per_agent),
          CASE(dead_letters_are_listed_found_and_marked),
          CASE(a_sweep_takes_what_is_past_its_time_and_nothing_else)};
#undef CASE
}

} // namespace troupe::testing
