#include "tests/support/journal_contract.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::testing {
namespace {

using namespace journal;
using names = std::vector<std::string>;
using desk = journal_desk;
using attributes = std::vector<std::pair<std::string, std::string>>;

listing run(std::string name, std::string state, bool open, attributes found_by = {}) {
  listing line;
  line.category = "run";
  line.name = std::move(name);
  line.state = std::move(state);
  line.open = open;
  line.updated = from_ms(5);
  line.detail = "{}";
  line.attributes_changed = !found_by.empty();
  line.attributes = std::move(found_by);
  return line;
}

void list(desk& d, const std::string& agent, listing line) {
  turn_commit t = desk::turn(d.claim(agent));
  t.listings = {std::move(line)};
  d.commit(t);
}

listing_query runs() {
  listing_query q;
  q.category = "run";
  return q;
}

/// Agent and item of each line, all pages.
names found(desk& d, listing_query q) {
  names all;
  for (;;) {
    const auto page = d.ask<journal::page<stored_listing>>([&](auto done) { d.store().listings(q, done); });
    BOOST_REQUIRE(page.has_value());
    for (const auto& line : page->items)
      all.push_back(line.id.text() + line.what.item);
    if (page->next_cursor.empty())
      return all;
    q.cursor = page->next_cursor;
  }
}

void lines_come_newest_agents_first_on_every_page_size(desk& d) {
  for (const char* agent : {"r/1", "r/2", "r/3", "r/4"})
    list(d, agent, run("lead", "working", std::string(agent) != "r/2"));
  for (const std::size_t limit : {1, 2, 3, 100}) {
    auto q = runs();
    q.limit = limit;
    BOOST_TEST(found(d, q) == names({"r/4", "r/3", "r/2", "r/1"}), boost::test_tools::per_element());
  }
}

void a_line_is_replaced_by_the_next_of_its_item(desk& d) {
  list(d, "r/1", run("lead", "working", true));
  list(d, "r/1", run("lead", "completed", false));
  auto q = runs();
  q.state = "working";
  BOOST_TEST(found(d, q).empty());
  q.state = "completed";
  BOOST_TEST(found(d, q) == names({"r/1"}), boost::test_tools::per_element());
  q.open = true;
  BOOST_TEST(found(d, q).empty());
}

void lines_are_found_by_all_their_attributes(desk& d) {
  list(d, "r/1", run("lead", "working", true, {{"company", "Acme"}, {"stage", "new"}}));
  list(d, "r/2", run("lead", "working", true, {{"company", "Acme"}, {"stage", "won"}}));
  list(d, "r/3", run("lead", "working", true, {{"company", "Zeta"}}));
  auto q = runs();
  q.attributes = {{"company", "Acme"}};
  BOOST_TEST(found(d, q) == names({"r/2", "r/1"}), boost::test_tools::per_element());
  q.attributes = {{"company", "Acme"}, {"stage", "new"}};
  BOOST_TEST(found(d, q) == names({"r/1"}), boost::test_tools::per_element());
}

void attributes_stay_until_they_are_given_anew(desk& d) {
  list(d, "r/1", run("lead", "working", true, {{"stage", "new"}}));
  list(d, "r/1", run("lead", "completed", false));
  auto q = runs();
  q.attributes = {{"stage", "new"}};
  BOOST_TEST(found(d, q) == names({"r/1"}), boost::test_tools::per_element());
  list(d, "r/1", run("lead", "completed", false, {{"stage", "won"}}));
  BOOST_TEST(found(d, q).empty());
}

void items_of_one_agent_are_lines_of_their_own(desk& d) {
  turn_commit t = desk::turn(d.claim("r/1"));
  auto first = run("approval", "open", true);
  first.item = "a";
  auto second = first;
  second.item = "b";
  t.listings = {first, second};
  d.commit(t);
  BOOST_TEST(found(d, runs()) == names({"r/1a", "r/1b"}), boost::test_tools::per_element());
  t = desk::turn(d.claim("r/1"));
  t.listing_erases = {"a"};
  d.commit(t);
  BOOST_TEST(found(d, runs()) == names({"r/1b"}), boost::test_tools::per_element());
}

void a_purged_agent_is_in_no_list(desk& d) {
  list(d, "r/1", run("lead", "completed", false, {{"stage", "new"}}));
  d.ask<bool>([&](auto done) { d.store().purge(desk::id("r/1"), from_ms(1), done); });
  BOOST_TEST(found(d, runs()).empty());
  auto q = runs();
  q.attributes = {{"stage", "new"}};
  BOOST_TEST(found(d, q).empty());
}

void a_fenced_turn_lists_nothing(desk& d) {
  turn_commit t = desk::turn(d.claim("r/1"));
  d.claim("r/1");
  t.listings = {run("lead", "working", true)};
  BOOST_TEST((d.commit(t).status == commit_status::fenced));
  BOOST_TEST(found(d, runs()).empty());
}

} // namespace

std::vector<contract_case> listing_contract() {
  return {
      {"lines_come_newest_agents_first_on_every_page_size",
       lines_come_newest_agents_first_on_every_page_size},
      {"a_line_is_replaced_by_the_next_of_its_item", a_line_is_replaced_by_the_next_of_its_item},
      {"lines_are_found_by_all_their_attributes", lines_are_found_by_all_their_attributes},
      {"attributes_stay_until_they_are_given_anew", attributes_stay_until_they_are_given_anew},
      {"items_of_one_agent_are_lines_of_their_own", items_of_one_agent_are_lines_of_their_own},
      {"a_purged_agent_is_in_no_list", a_purged_agent_is_in_no_list},
      {"a_fenced_turn_lists_nothing", a_fenced_turn_lists_nothing},
  };
}

} // namespace troupe::testing
