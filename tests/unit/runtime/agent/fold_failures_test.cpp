// Folds when things go wrong: cancels, poison in mail and signals, effects on the outside across crashes.
#include "runtime/base/object.hpp"
#include "runtime/task/context.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

/// `pay` wires at the bank; `hold` asks a slow service and answers with what it is told, or gives the call up
/// when it is canceled; `poison`, as mail or signal, crashes.
class till final : public fold_agent {
public:
  void apply(const fold_record& r) override {
    if (r.message.type == "poison")
      throw std::runtime_error("a defect");
    if (r.from == fold_record::source::mail && r.message.type == "hold")
      held_ = {r.message.from.text(), r.message.call_key};
    if (r.from == fold_record::source::cancel)
      ++canceled_;
    if (r.from == fold_record::source::answer)
      heard_ = r.answer.ok ? r.answer.body : r.answer.kind;
    ++records_;
  }

  std::vector<fold_command> decide(const fold_record& r) override {
    fold_command c;
    if (r.from == fold_record::source::mail && r.message.type == "pay") {
      c.what = fold_command::kind::outside;
      c.id = "wire";
      c.type = "bank.wire";
      c.target = "bank";
      c.body = r.message.body;
      return {c};
    }
    if (r.from == fold_record::source::mail && r.message.type == "hold") {
      c.what = fold_command::kind::call;
      c.id = "ask";
      c.to = *agent_id::parse("service/a");
      c.type = "slow";
      c.body = "{}";
      c.due = r.time + milliseconds(60'000);
      return {c};
    }
    if (r.from == fold_record::source::cancel)
      return give_up();
    return {};
  }

  std::string snapshot() const override {
    return object("records", records_, "canceled", canceled_, "heard", heard_).dump();
  }
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t, std::string_view) override { return {}; }

private:
  std::vector<fold_command> give_up() const {
    fold_command clear;
    clear.what = fold_command::kind::clear;
    clear.id = "ask";
    fold_command told;
    told.what = fold_command::kind::reply;
    told.to = *agent_id::parse(held_.first);
    told.target = "hold";
    told.call_key = held_.second;
    told.answer = outcome::failure("canceled", "as it was told");
    return {clear, told};
  }

  int records_ = 0;
  int canceled_ = 0;
  std::string heard_;
  std::pair<std::string, std::string> held_;
};

task<json> slow(context& ctx, json) {
  ctx.put("begun", 1);
  co_await ctx.sleep(milliseconds(10'000));
  ctx.put("ended", 1);
  co_return "slowly";
}

task<json> ask_till(context& ctx, json ms) {
  call_options how;
  how.within(milliseconds(ms.get<int>()));
  auto told = co_await ctx.try_call("till/a", "hold", json(), how);
  co_return told ? json("told") : json(told.error().kind);
}

task<json> beckon(context& ctx, json) {
  ctx.signal("till/a", "poison", "", json());
  co_return json();
}

kind_registry kinds() {
  kind_registry all;
  auto make = [](const agent_id&) -> std::unique_ptr<fold_agent> { return std::make_unique<till>(); };
  BOOST_REQUIRE(all.add(kind("till").folded(make).spec()));
  BOOST_REQUIRE(all.add(kind("service").on("slow", slow).spec()));
  BOOST_REQUIRE(all.add(kind("asker").on("ask", ask_till).on("beckon", beckon).spec()));
  return all;
}

struct fold_fixture {
  fold_fixture()
      : node(sim_node::options(), kinds()) {
    node.boot();
  }

  void tell(const std::string& to, const std::string& type, const std::string& body) {
    node.inject(to, type, body, [](result<inject_answer> a) { BOOST_REQUIRE(a); });
  }
  json state() {
    agent_view view;
    node.operate("till/a", [&](agent_cell& cell, instant now) { view = cell.view(true, now); });
    return json::parse(view.state_documents.at(0).body);
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(folds_in_trouble, fold_fixture)

BOOST_AUTO_TEST_CASE(a_cancel_is_a_record_and_reaches_what_the_fold_waits_for) {
  BOOST_TEST(node.ask("asker/b", "ask", "500")->reply->body == "\"timeout\"");
  BOOST_TEST(state().at("canceled") == 1);
  auto service = node.documents("service/a");
  BOOST_TEST(service.contains("begun"));
  BOOST_TEST(!service.contains("ended"));
  BOOST_TEST(node.totals().pending == 0u);
}

BOOST_AUTO_TEST_CASE(an_outside_effect_is_answered_once_across_a_crash) {
  tell("till/a", "pay", "{\"amount\":5}");
  node.settle();
  node.crash();
  node.run();
  BOOST_TEST(node.effects_seen.size() == 1u);
  BOOST_TEST(state().at("heard") == "{\"amount\":5}");
}

BOOST_AUTO_TEST_CASE(an_outside_effect_in_flight_at_a_crash_is_asked_for_again_under_its_key) {
  tell("till/a", "pay", "{\"amount\":5}");
  while (node.effects_seen.empty())
    BOOST_REQUIRE(node.step());
  node.crash();
  node.run();
  BOOST_TEST(node.effects_seen.size() >= 1u);
  BOOST_TEST(node.effects_seen.back().key == node.effects_seen.front().key);
  BOOST_TEST(state().at("heard") == "{\"amount\":5}");
}

/// The turn that asks is still on its way to the journal when the next one crashes.
BOOST_AUTO_TEST_CASE(an_effect_asked_for_just_before_a_crash_is_carried_out) {
  tell("till/a", "pay", "{\"amount\":5}");
  tell("till/a", "poison", "{}");
  node.run();
  BOOST_TEST(node.dead_letters().size() == 1u);
  BOOST_TEST(node.effects_seen.size() == 1u);
  BOOST_TEST(state().at("heard") == "{\"amount\":5}");
}

BOOST_AUTO_TEST_CASE(a_result_that_comes_between_two_activations_is_found_in_its_row) {
  auto again = [&](agent_cell& cell, instant now) { cell.restart(restart_mode::plain, now); };
  node.outside = [&](const journal::effect_put& asked) {
    node.operate("till/a", again);
    node.operate("till/a", [](agent_cell&, instant) {}); // its next activation has read the row by now
    node.results_reach_rows_only = true;
    return outcome::success(asked.body);
  };
  tell("till/a", "pay", "{\"amount\":5}");
  node.settle();
  node.sweep();
  node.settle();
  BOOST_TEST(state().at("heard") == "{\"amount\":5}");
}

BOOST_AUTO_TEST_CASE(poisonous_mail_is_a_dead_letter_and_what_follows_is_folded) {
  tell("till/a", "poison", "{}");
  tell("till/a", "pay", "{}");
  node.run();
  BOOST_REQUIRE(node.dead_letters().size() == 1u);
  BOOST_TEST(node.dead_letters().at(0).letter.reason == "agent.crashed");
  BOOST_TEST(state().at("heard") == "{}");
}

BOOST_AUTO_TEST_CASE(a_poisonous_signal_is_a_dead_letter_too) {
  tell("till/a", "pay", "{}");
  node.run();
  tell("asker/b", "beckon", "{}");
  node.run();
  BOOST_REQUIRE(node.dead_letters().size() == 1u);
  BOOST_TEST(node.totals().pending == 0u);
  BOOST_TEST(state().at("records") == 2);
}

BOOST_AUTO_TEST_SUITE_END()
