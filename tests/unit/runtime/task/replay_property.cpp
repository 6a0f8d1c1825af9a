// For hundreds of random programs: whatever order their answers came in, a crash after any turn changes
// nothing.
#include "tests/unit/runtime/task/driven_task.hpp"
#include "tests/unit/runtime/task/random_program.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/task/turn_codec.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <set>

using namespace troupe;
using troupe::test::driven_task;
using troupe::test::random_program;
using ended = turn_result::state;
using documents = std::map<std::string, std::string, std::less<>>;

namespace {

constexpr std::size_t longest_life = 40; // turns; what is still open then is left so

class dice {
public:
  explicit dice(std::uint64_t seed)
      : state_(stable_hash("dice", seed)) {}
  std::uint64_t below(std::uint64_t limit) {
    state_ = stable_hash("throw", state_);
    return state_ % limit;
  }

private:
  std::uint64_t state_;
};

/// A program, all that its turns came to, and the documents after each.
struct life {
  life(std::uint64_t seed, driven_task::kind how)
      : kind(how)
      , task(random_program, seed, how) {}
  driven_task::kind kind;
  driven_task task;
  std::vector<std::string> turns;
  std::vector<documents> after;
};

/// All that a turn hands to its agent, as text.
std::string said(const turn_result& came) {
  std::ostringstream out;
  out << came.ended << ' ' << came.reply.ok << ' ' << came.reply.body << came.reply.kind << came.problem
      << '\n';
  for (const auto& mail : came.mail)
    out << mail.to.text() << ' ' << mail.type << ' ' << mail.body << ' ' << mail.signal << '\n';
  for (const auto& receiver : came.tells)
    for (const auto& item : receiver.items)
      out << "told " << receiver.to.text() << ' ' << item.type << ' ' << item.body << '\n';
  for (const auto& timer : came.timers)
    out << timer.name << ' ' << to_ms(timer.due) << ' ' << timer.body << '\n';
  for (const auto& event : came.events)
    out << event.kind << ' ' << event.detail << '\n';
  for (const auto& canceled : came.canceled)
    out << "canceled " << canceled.effect << '\n';
  return out.str();
}

/// The world between two turns: queues fill and drain, and the other tasks of an interleaved agent write.
void world_moves_on(driven_task& t, driven_task::kind how) {
  const bool odd = t.run->turns() % 2 == 1;
  t.port.refused["desk/full"] = odd ? "overloaded" : "";
  t.port.refused_calls["desk/loop"] = odd ? "call_cycle" : "";
  if (how == driven_task::kind::interleaved)
    t.documents.put("document 1", std::to_string(t.run->turns()));
}

void note(life& l) {
  l.turns.push_back(said(l.task.last));
  l.after.push_back(l.task.documents.all());
}

void resolve_something(driven_task& t, dice& d) {
  if (d.below(30) == 0) {
    t.cancel();
    return;
  }
  const auto waiting = t.outstanding();
  const auto& effect = waiting[d.below(waiting.size())];
  if (d.below(7) == 0)
    t.fail_with(effect, "unavailable");
  else
    t.answer(effect, d.below(1'000));
}

void live(life& l, std::uint64_t seed) {
  dice d(seed);
  world_moves_on(l.task, l.kind);
  l.task.start();
  note(l);
  while (l.task.ended() == ended::suspended && l.turns.size() < longest_life) {
    world_moves_on(l.task, l.kind);
    resolve_something(l.task, d);
    note(l);
  }
}

void restore(document_map& into, const documents& from) {
  const auto present = into.all();
  for (const auto& [key, body] : present)
    into.erase(key);
  for (const auto& [key, body] : from)
    into.put(key, body);
}

void repeat_turn(driven_task& t, const std::string& recorded) {
  const auto turn = decode_turn(recorded).value();
  if (turn.canceled)
    t.cancel();
  else
    t.settle(turn.resumed_by, turn.answer);
}

/// Crashes after `turns` turns, replays them, and goes on as before.
bool lives_again(const life& l, std::size_t turns) {
  driven_task again(l.task, random_program, turns);
  if (l.kind == driven_task::kind::interleaved)
    restore(again.documents, l.after[turns - 1]);
  bool same = said(again.last) == l.turns[turns - 1] && again.documents.all() == l.after[turns - 1];
  for (auto turn = turns; same && turn < l.turns.size(); ++turn) {
    world_moves_on(again, l.kind);
    repeat_turn(again, l.task.journal[turn]);
    same = said(again.last) == l.turns[turn] && again.documents.all() == l.after[turn];
  }
  return same && again.journal == l.task.journal && again.outstanding() == l.task.outstanding();
}

/// 0, or the first turn after which a crash made a difference.
std::size_t first_difference(std::uint64_t seed, driven_task::kind how) {
  life l(seed, how);
  live(l, seed);
  for (std::size_t turns = 1; turns < l.turns.size(); ++turns)
    if (!lives_again(l, turns))
      return turns;
  return 0;
}

void note_reached(const turn_record& turn, std::set<std::string>& seen) {
  if (turn.canceled)
    seen.insert("canceled");
  for (const auto& asked : turn.asked) {
    const auto dots = std::count(asked.effect.begin(), asked.effect.end(), '.');
    seen.insert(asked.verb);
    if (dots > 0)
      seen.insert(dots == 1 ? "branch" : "grandchild");
  }
  for (const auto& noted : turn.noted)
    seen.insert(noted.verb + (noted.result.ok ? " true" : " false"));
}

/// Which of the states that a replay may get wrong some program of the first `seeds` came to.
std::set<std::string> reached(std::uint64_t seeds) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    life l(seed, driven_task::kind::exclusive);
    live(l, seed);
    std::ostringstream last;
    last << l.task.ended();
    seen.insert(last.str());
    for (const auto& recorded : l.task.journal)
      note_reached(decode_turn(recorded).value(), seen);
  }
  seen.erase("suspended");
  return seen;
}

} // namespace

BOOST_AUTO_TEST_SUITE(task_replay_property)

BOOST_DATA_TEST_CASE(an_exclusive_task_survives_a_crash_after_any_turn, boost::unit_test::data::xrange(200),
                     seed) {
  const auto difference = first_difference(static_cast<std::uint64_t>(seed), driven_task::kind::exclusive);
  BOOST_TEST(difference == 0u);
}

BOOST_DATA_TEST_CASE(an_interleaved_task_survives_a_crash_after_any_turn, boost::unit_test::data::xrange(200),
                     seed) {
  const auto difference = first_difference(static_cast<std::uint64_t>(seed), driven_task::kind::interleaved);
  BOOST_TEST(difference == 0u);
}

BOOST_AUTO_TEST_CASE(the_programs_reach_what_they_are_drawn_for) {
  const std::set<std::string> wanted{
      "finished", "failed",     "crashed",      "canceled",     "branch",      "grandchild",
      "sleep",    "signal",     "run",          "http.request", "send true",   "send false",
      "call",     "call false", "version true", "tell true",    "signal true", "set_timer true"};
  BOOST_TEST(reached(100) == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
