#include "tests/support/journal_contract.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

namespace troupe::testing {

using namespace journal;

agent_id journal_desk::id(const std::string& text) {
  auto parsed = agent_id::parse(text);
  BOOST_REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

turn_commit journal_desk::turn(const loaded_agent& of) {
  turn_commit t;
  t.id = of.id;
  t.birth = of.birth;
  t.epoch = of.epoch;
  return t;
}

agent_row journal_desk::row(row_class cls, std::string key, std::string body, instant expires) {
  return {cls, std::move(key), 1, std::move(body), expires};
}

outgoing journal_desk::mail(const agent_id& to, std::string envelope, lane on) {
  return {to, on, std::move(envelope)};
}

effect_put journal_desk::effect(std::string id) {
  effect_put e;
  e.key = "key of " + id;
  e.id = std::move(id);
  e.verb = "http.request";
  e.target = "example.org";
  e.body = R"({"path":"/"})";
  e.deadline = from_ms(9'000);
  return e;
}

dead_letter journal_desk::letter(std::string letter_id, std::int64_t at_ms) {
  return {std::move(letter_id), "effect_failed", "it did not work", "the envelope",
          id("b/to"),           id("a/from"),    from_ms(at_ms)};
}

agent_event journal_desk::event(std::string kind, std::int64_t at_ms) {
  return {std::move(kind), R"({"n":1})", "trace-1", from_ms(at_ms)};
}

loaded_agent journal_desk::claim(const std::string& text) {
  auto found = ask<loaded_agent>([&](auto done) { store().claim(id(text), true, done); });
  BOOST_REQUIRE(found.has_value());
  return *found;
}

receipt journal_desk::commit(turn_commit turn) { return commit_together({std::move(turn)}).front(); }

std::vector<receipt> journal_desk::commit_together(std::vector<turn_commit> turns) {
  std::mutex guard;
  std::vector<receipt> answers;
  const std::size_t expected = turns.size();
  for (auto& turn : turns)
    store().commit(std::move(turn), [&, rig = &rig_](receipt r) {
      {
        const std::lock_guard hold(guard);
        answers.push_back(std::move(r));
      }
      rig->answered();
    });
  rig_.let_work([&] {
    const std::lock_guard hold(guard);
    return answers.size() == expected;
  });
  return answers;
}

std::vector<std::uint64_t> journal_desk::send(const loaded_agent& from, const agent_id& to, std::size_t count,
                                              lane on) {
  turn_commit t = turn(from);
  for (std::size_t i = 0; i < count; ++i)
    t.outbox.push_back(mail(to, "m" + std::to_string(i), on));
  return commit(std::move(t)).numbers;
}

receipt journal_desk::apply(const loaded_agent& by, std::uint64_t sender, std::uint64_t from,
                            std::uint64_t to, lane on) {
  turn_commit t = turn(by);
  t.marks.push_back({sender, on, from, to});
  t.applied = static_cast<std::uint32_t>(to - from);
  return commit(std::move(t));
}

pending_window journal_desk::pending(const agent_id& to, lane on, std::uint64_t after, std::size_t limit) {
  auto found = ask<pending_window>([&](auto done) { store().pending(to.addr(), on, after, limit, done); });
  BOOST_REQUIRE(found.has_value());
  return *found;
}

loaded_agent journal_desk::describe(const std::string& text) {
  auto found = ask<loaded_agent>([&](auto done) { store().describe(id(text), done); });
  BOOST_REQUIRE(found.has_value());
  return *found;
}

std::string journal_desk::rows(const std::string& agent, row_class cls) {
  std::string all;
  for (const agent_row& r : describe(agent).rows)
    if (r.cls == cls)
      all += (all.empty() ? "" : " ") + r.key + "=" + r.body;
  return all;
}

ledger journal_desk::totals() {
  auto found = ask<ledger>([&](auto done) { store().totals(done); });
  BOOST_REQUIRE(found.has_value());
  return *found;
}

std::vector<std::string> journal_desk::duties(instant now, std::size_t limit) {
  std::vector<std::string> all;
  std::string cursor;
  do {
    auto found = ask<page<duty>>([&](auto done) { store().duties(now, cursor, limit, done); });
    BOOST_REQUIRE(found.has_value());
    BOOST_REQUIRE(found->items.size() <= limit);
    for (const duty& d : found->items)
      all.push_back(d.id.text());
    cursor = found->next_cursor;
  } while (!cursor.empty());
  std::sort(all.begin(), all.end());
  return all;
}

bool add_journal_contract(const std::string& suite, std::function<std::unique_ptr<journal_rig>()> fresh) {
  namespace boost_test = boost::unit_test;
  auto* group = BOOST_TEST_SUITE(suite);
  for (const auto& part : {stream_contract(), agent_contract(), purge_contract(), effect_contract(),
                           list_contract(), listing_contract()})
    for (const contract_case& c : part) {
      const auto on_fresh_store = [run = c.run, fresh] {
        const auto rig = fresh();
        journal_desk desk(*rig);
        run(desk);
      };
      group->add(boost_test::make_test_case(on_fresh_store, c.name, __FILE__, __LINE__));
    }
  boost_test::framework::master_test_suite().add(group);
  return true;
}

} // namespace troupe::testing
