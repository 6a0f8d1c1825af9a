// Runs of one key take turns.
#include "tests/unit/workflows/run/run_rig.hpp"
#include "tests/unit/workflows/triggers/fold_rig.hpp"

#include "workflows/run/lock_agent.hpp"
#include "workflows/run/run_agent.hpp"
#include "workflows/run/view.hpp"
#include "workflows/run/wire.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;
using namespace std::chrono_literals;

namespace {

struct house : fold_rig {
  explicit house(const std::string& on_conflict, const std::string& more = "",
                 const std::string& steps = "{wait: 1h}, {return: \"${{ input.n }}\"}") {
    known.add("workflow: w\nconcurrency: {key: \"${{ input.key }}\", on_conflict: " + on_conflict + "}\n" +
              more + "steps: [" + steps + "]\n");
    kinds["workflow"] = [this](const agent_id& id) { return std::make_unique<run_agent>(id, known); };
    kinds["workflow.lock"] = [](const agent_id& id) { return std::make_unique<lock_agent>(id); };
  }
  void begin(const std::string& run, int n, const std::string& key = "k") {
    send("workflow/" + run, "start",
         R"({"workflow":"w","input":{"key":")" + key + R"(","n":)" + std::to_string(n) + "}}");
    settle();
  }
  const run_record& run(const std::string& id) {
    return static_cast<run_agent&>(agent("workflow/" + id)).run();
  }
  std::string state(const std::string& id) { return std::string(to_string(run(id).state)); }
  text_catalog known;
};

} // namespace

BOOST_AUTO_TEST_SUITE(concurrency)

BOOST_AUTO_TEST_CASE(a_second_run_waits_for_the_first_and_says_so) {
  house h("queue");
  h.begin("a", 1);
  h.begin("b", 2);
  BOOST_TEST(h.state("a") == "working");
  BOOST_TEST(h.state("b") == "submitted");
  BOOST_TEST(reason_of(h.run("b")) == "waits for its turn; troupe inspect workflow.lock/w/k");
  h.pass(61min);
  BOOST_TEST(h.state("a") == "completed");
  BOOST_TEST(h.state("b") == "working");
}

BOOST_AUTO_TEST_CASE(runs_of_other_keys_do_not_wait) {
  house h("queue");
  h.begin("a", 1, "k");
  h.begin("b", 2, "other");
  BOOST_TEST(h.state("b") == "working");
}

BOOST_AUTO_TEST_CASE(they_take_turns_in_the_order_they_came_whatever_dies) {
  house h("queue");
  std::map<std::string, int> died;
  h.dies = [&](const std::string& agent, std::uint64_t record) {
    return died[agent + std::to_string(record)]++ == 0 ? fold_rig::death::before_commit
                                                       : fold_rig::death::after_commit;
  };
  h.begin("a", 1);
  h.begin("b", 2);
  h.begin("c", 3);
  h.pass(61min);
  BOOST_TEST(h.state("b") == "working");
  BOOST_TEST(h.state("c") == "submitted");
  h.pass(61min);
  BOOST_TEST(h.state("c") == "working");
  BOOST_TEST(h.deaths() > 10u);
}

BOOST_AUTO_TEST_CASE(a_waiting_run_that_is_canceled_leaves_the_line) {
  house h("queue");
  h.begin("a", 1);
  h.begin("b", 2);
  h.begin("c", 3);
  h.ask("workflow/b", "cancel");
  BOOST_TEST(h.state("b") == "canceled");
  h.pass(61min);
  BOOST_TEST(h.state("c") == "working");
}

BOOST_AUTO_TEST_CASE(the_deadline_counts_while_it_waits) {
  house h("queue", "deadline: 10m\n");
  h.begin("a", 1);
  h.begin("b", 2);
  h.pass(11min);
  BOOST_TEST(h.run("b").error.kind == "timeout");
}

BOOST_AUTO_TEST_CASE(rejected_it_ends_at_once_and_names_the_run_that_lives) {
  house h("reject");
  h.begin("a", 1);
  h.begin("b", 2);
  BOOST_TEST(h.state("b") == "rejected");
  BOOST_TEST(h.run("b").error.message == "the run a of the same concurrency key lives");
  BOOST_TEST(h.state("a") == "working");
}

BOOST_AUTO_TEST_CASE(one_that_joins_has_the_others_end) {
  house h("join");
  h.begin("a", 1);
  h.begin("b", 2);
  BOOST_TEST(h.state("b") == "submitted");
  h.pass(61min);
  BOOST_TEST(h.state("b") == "completed");
  BOOST_TEST(to_text(h.run("b").output) == "1");
}

BOOST_AUTO_TEST_CASE(one_that_joins_fails_with_the_other) {
  house h("join", "", "{wait: 1h}, {fail: {kind: rejected, message: no}}");
  h.begin("a", 1);
  h.begin("b", 2);
  h.pass(61min);
  BOOST_TEST(h.state("b") == "failed");
  BOOST_TEST(h.run("b").error.kind == "rejected");
}

BOOST_AUTO_TEST_CASE(the_newest_cancels_the_one_that_runs_and_those_that_wait) {
  house h("cancel_running", "", "{try: [{wait: 1h}], finally: [{wait: 5m}]}");
  h.begin("a", 1);
  h.begin("b", 2);
  h.begin("c", 3);
  BOOST_TEST(h.state("b") == "canceled");
  BOOST_TEST(h.state("c") == "submitted"); // what the first still has to tidy up comes before
  h.pass(6min);
  BOOST_TEST(h.state("a") == "canceled");
  BOOST_TEST(h.state("c") == "working");
}

BOOST_AUTO_TEST_CASE(a_signal_that_comes_while_it_waits_is_kept) {
  house h("queue", "", "{id: go, receive: {signal: go}}");
  h.begin("a", 1);
  h.begin("b", 2);
  h.ask("workflow/b", "signal", R"({"name":"go","body":7})");
  h.ask("workflow/a", "signal", R"({"name":"go","body":1})");
  h.settle();
  BOOST_TEST(to_text(h.run("b").output) == "7");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_empty_is_rejected) {
  house h("queue");
  h.begin("a", 1, "");
  BOOST_TEST(h.state("a") == "rejected");
}

BOOST_AUTO_TEST_SUITE_END()
