// Agents that fold records: decisions once, activation by folding, snapshots, timers and calls across
// crashes.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

/// Adds up what it is sent, answers with the sum; `later` waits a second, then asks a counter and keeps its
/// answer.
class tally final : public fold_agent {
public:
  void apply(const fold_record& r) override {
    if (r.from == fold_record::source::mail && r.message.type == "add")
      sum_ += std::stoll(r.message.body);
    if (r.from == fold_record::source::answer)
      heard_ = r.answer.ok ? r.answer.body : r.answer.kind;
  }

  std::vector<fold_command> decide(const fold_record& r) override {
    std::vector<fold_command> wanted;
    fold_command c;
    if (r.from == fold_record::source::mail && r.message.kind == message_kind::call) {
      c.what = fold_command::kind::reply;
      c.to = r.message.from;
      c.target = r.message.type;
      c.call_key = r.message.call_key;
      c.answer = outcome::success(std::to_string(sum_));
      wanted.push_back(c);
    }
    if (r.from == fold_record::source::mail && r.message.type == "later") {
      c = fold_command();
      c.what = fold_command::kind::timer;
      c.id = "wait";
      c.due = r.time + milliseconds(1000);
      wanted.push_back(c);
    }
    if (r.from == fold_record::source::due) {
      c.what = fold_command::kind::call;
      c.id = "ask";
      c.to = *agent_id::parse("counter/a");
      c.type = "count";
      c.body = "{}";
      c.due = r.time + milliseconds(5000);
      wanted.push_back(c);
    }
    return wanted;
  }

  std::string snapshot() const override { return object("sum", sum_, "heard", heard_).dump(); }
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t, std::string_view text) override {
    auto held = json::parse(text);
    sum_ = held.at("sum").get<std::int64_t>();
    heard_ = held.at("heard").get<std::string>();
    return {};
  }

private:
  std::int64_t sum_ = 0;
  std::string heard_;
};

std::unique_ptr<fold_agent> make_tally(const agent_id&) { return std::make_unique<tally>(); }

task<json> count(context& ctx, json) {
  auto held = ctx.get("count");
  int next = held.is_null() ? 1 : held.get<int>() + 1;
  ctx.put("count", next);
  co_return next;
}

kind_registry kinds() {
  kind_registry all;
  BOOST_REQUIRE(all.add(kind("tally").folded(make_tally).spec()));
  BOOST_REQUIRE(all.add(kind("counter").on("count", count).spec()));
  return all;
}

struct fold_fixture {
  fold_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
  }

  json state() {
    agent_view view;
    node.operate("tally/a", [&](agent_cell& cell, instant now) { view = cell.view(true, now); });
    return json::parse(view.state_documents.at(0).body);
  }
  void send(const std::string& type, const std::string& body) {
    node.inject("tally/a", type, body, [](result<inject_answer> a) { BOOST_REQUIRE(a); });
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(folds, fold_fixture)

BOOST_AUTO_TEST_CASE(a_call_is_answered_by_the_decision_on_its_record) {
  auto got = node.ask("tally/a", "add", "5");
  BOOST_REQUIRE(got && got->reply);
  BOOST_TEST(got->reply->body == "5");
}

BOOST_AUTO_TEST_CASE(activation_folds_the_records_again) {
  node.ask("tally/a", "add", "5");
  node.crash();
  BOOST_TEST(node.ask("tally/a", "add", "2")->reply->body == "7");
}

BOOST_AUTO_TEST_CASE(a_snapshot_takes_the_place_of_its_records) {
  for (int i = 0; i < 250; ++i)
    send("add", "1");
  node.run();
  node.crash();
  BOOST_TEST(node.ask("tally/a", "add", "0")->reply->body == "250");
}

BOOST_AUTO_TEST_CASE(a_timer_survives_a_crash_and_its_decision_is_made_once) {
  send("later", "{}");
  node.settle();
  node.crash();
  node.run();
  BOOST_TEST(node.documents("counter/a")["count"] == "1");
  BOOST_TEST(state().at("heard") == "1");
}

BOOST_AUTO_TEST_CASE(an_outstanding_call_survives_a_crash) {
  send("later", "{}");
  node.settle();
  node.clock.time += milliseconds(1000);
  node.operate("tally/a", [](agent_cell& cell, instant now) { cell.work(now, 1); });
  node.crash();
  node.run();
  BOOST_TEST(node.documents("counter/a")["count"] == "1");
  BOOST_TEST(state().at("heard") == "1");
}

BOOST_AUTO_TEST_SUITE_END()
