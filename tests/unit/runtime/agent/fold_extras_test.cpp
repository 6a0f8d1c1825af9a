// Folds: pinned texts, computed answers, history and the index, across crashes.
#include "runtime/base/object.hpp"
#include "tests/support/sim_node.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

using namespace troupe;
using testing::sim_node;

namespace {

std::string todays_factor = "2"; // what the node knows; the agent keeps what it was pinned to
int computed = 0;

/// `start n` pins the factor of the day and computes n times it, then is listed as done.
class multiplier final : public fold_agent {
public:
  std::optional<fold_pin> pin(const fold_record& r) override {
    if (r.from != fold_record::source::mail)
      return std::nullopt;
    return fold_pin{"factor-" + todays_factor, todays_factor};
  }
  result<void> know(const fold_pin& pin) override {
    factors_[pin.key] = std::stoi(pin.text);
    return {};
  }

  void apply(const fold_record& r) override {
    changed_ = true;
    if (r.from == fold_record::source::mail) {
      factor_ = factors_.at(r.pin);
      number_ = std::stoi(r.message.body);
      busy_ = true;
    } else {
      heard_ = r.answer.ok ? r.answer.body : r.answer.kind;
      busy_ = false;
    }
  }

  std::vector<fold_command> decide(const fold_record& r) override {
    fold_command c;
    c.what = busy_ ? fold_command::kind::compute : fold_command::kind::event;
    c.id = "times";
    c.type = "multiplied";
    c.body = object("by", factor_, "from", static_cast<int>(r.from)).dump();
    return {c};
  }

  outcome compute(const std::string&) override {
    ++computed;
    if (number_ == 13)
      throw std::runtime_error("unlucky");
    return outcome::success(std::to_string(number_ * factor_));
  }
  std::vector<std::string> computing() const override {
    return busy_ ? std::vector<std::string>{"times"} : std::vector<std::string>{};
  }

  std::vector<journal::listing> listings() override {
    if (!std::exchange(changed_, false))
      return {};
    journal::listing line;
    line.category = "product";
    line.state = busy_ ? "working" : "completed";
    line.open = busy_;
    line.detail = "{}";
    return {line};
  }

  std::string snapshot() const override {
    return object("n", number_, "f", factor_, "h", heard_, "b", busy_).dump();
  }
  std::string describe() const override { return object("heard", heard_).dump(); }
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t, std::string_view text) override {
    auto held = json::parse(text);
    number_ = held.at("n").get<int>();
    factor_ = held.at("f").get<int>();
    heard_ = held.at("h").get<std::string>();
    busy_ = held.at("b").get<bool>();
    return {};
  }

private:
  std::map<std::string, int> factors_;
  int factor_ = 0;
  int number_ = 0;
  bool busy_ = false;
  bool changed_ = false;
  std::string heard_;
};

struct extras_fixture {
  extras_fixture()
      : node(sim_node::options(), kinds()) {
    todays_factor = "2";
    computed = 0;
    node.boot();
  }
  static kind_registry kinds() {
    kind_registry all;
    auto make = [](const agent_id&) { return std::make_unique<multiplier>(); };
    BOOST_REQUIRE(all.add(kind("multiplier").folded(make).spec()));
    return all;
  }
  void send(const std::string& number) {
    node.inject("multiplier/a", "start", number, [](result<inject_answer> a) { BOOST_REQUIRE(a); });
  }
  std::string heard() {
    agent_view view;
    node.operate("multiplier/a", [&](agent_cell& cell, instant now) { view = cell.view(true, now); });
    return json::parse(view.state_documents.at(0).body).at("heard").get<std::string>();
  }
  std::vector<std::string> listed() {
    journal::listing_query q;
    q.category = "product";
    std::vector<std::string> states;
    node.store.listings(q, [&](result<journal::page<journal::stored_listing>> found) {
      for (const auto& line : found->items)
        states.push_back(line.what.state);
    });
    node.run();
    return states;
  }

  sim_node node;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fold_extras, extras_fixture)

BOOST_AUTO_TEST_CASE(a_computed_answer_arrives_as_a_record_of_its_own) {
  send("21");
  node.run();
  BOOST_TEST(heard() == "42");
  BOOST_TEST(computed == 1);
}

BOOST_AUTO_TEST_CASE(an_answer_not_yet_recorded_is_computed_again_after_a_crash) {
  send("21");
  node.settle();
  node.crash();
  node.run();
  BOOST_TEST(heard() == "42");
}

BOOST_AUTO_TEST_CASE(nobody_has_to_look_for_a_computation_to_go_on_after_a_crash) {
  for (int at = 1; at < 40; ++at) {
    sim_node other(sim_node::options(), kinds());
    other.boot();
    bool accepted = false;
    other.inject("multiplier/a", "start", "21", [&](result<inject_answer> a) { accepted = a.has_value(); });
    for (int i = 0; i < at; ++i)
      other.step();
    other.crash();
    other.run();
    journal::listing_query q;
    q.category = "product";
    std::string state = accepted ? "lost" : "";
    other.store.listings(q, [&](result<journal::page<journal::stored_listing>> found) {
      if (!found->items.empty())
        state = found->items.front().what.state;
    });
    other.run();
    BOOST_TEST((state.empty() || state == "completed"), "killed at step " << at << " it is " << state);
  }
}

BOOST_AUTO_TEST_CASE(a_recorded_answer_is_never_computed_again) {
  send("21");
  node.run();
  node.crash();
  node.run();
  BOOST_TEST(heard() == "42");
  BOOST_TEST(computed == 1);
}

BOOST_AUTO_TEST_CASE(a_computation_that_throws_is_an_answer_too) {
  send("13");
  node.run();
  BOOST_TEST(heard() == "invalid");
}

BOOST_AUTO_TEST_CASE(a_record_is_read_with_the_text_it_was_pinned_to) {
  send("21");
  node.run();
  todays_factor = "3";
  node.crash();
  BOOST_TEST(heard() == "42");
  send("21");
  node.run();
  BOOST_TEST(heard() == "63");
}

BOOST_AUTO_TEST_CASE(pins_outlive_the_records_that_a_snapshot_replaced) {
  for (int i = 0; i < 120; ++i)
    send("21");
  node.run();
  todays_factor = "3";
  node.crash();
  BOOST_TEST(heard() == "42");
}

BOOST_AUTO_TEST_CASE(the_index_tells_what_the_last_record_made_of_it) {
  send("21");
  node.run();
  BOOST_TEST(listed() == std::vector<std::string>{"completed"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
