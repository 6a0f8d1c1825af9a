#include "tests/sim/workload.hpp"

#include "tests/sim/load.hpp"

namespace troupe::sim {
namespace {

using testing::sim_node;

constexpr int outside_messages = 40;

kind_registry kinds() {
  auto all = kind_registry::of_this_program();
  ensure(all.has_value(), "the program's kinds contradict each other");
  return *all;
}

/// Sends the seed's messages, crashes when the seed says so, and remembers what was acknowledged.
class run final : private world {
public:
  run(std::uint64_t seed, const faults& with)
      : with_(with)
      , random_(seed)
      , node_(options_for(seed, with), kinds())
      , load_(random_, *this) {
    result_.seed = seed;
  }

  outcome_of_seed finish() {
    node_.boot();
    for (int i = 0; i < outside_messages; ++i) {
      load_.send_one(i);
      wander();
    }
    heal();
    result_.violation = load_.check();
    result_.acknowledged = load_.acknowledged();
    result_.turns = node_.turns();
    return result_;
  }

private:
  static sim_node::options options_for(std::uint64_t seed, const faults& with) {
    sim_node::options how;
    how.seed = seed;
    how.duplicates = with.duplicates;
    how.cell.unsafe_open_gate = with.open_gate;
    how.unsafe.no_dedupe = with.no_dedupe;
    how.unsafe.no_fence = with.no_fence;
    return how;
  }

  // world
  void inject(const std::string& to, const std::string& type, const std::string& body,
              std::function<void(result<inject_answer>)> done, const std::string& key) override {
    node_.inject(to, type, body, std::move(done), key);
  }
  std::map<std::string, std::string> documents(const std::string& agent) override {
    return node_.documents(agent);
  }
  std::vector<journal::agent_summary> agents() override { return node_.agents(); }
  std::vector<std::string> undelivered() override { return node_.undelivered(); }
  std::vector<journal::stored_dead_letter> dead_letters() override { return node_.dead_letters(); }
  journal::ledger totals() override { return node_.totals(); }
  std::vector<testing::seen_effect> effects() const override { return node_.effects_seen; }

  void wander() {
    auto steps = random_.below(60);
    for (std::uint64_t i = 0; i < steps; ++i) {
      if (!node_.step())
        node_.clock.time += milliseconds(random_.below(20));
      if (random_.one_in(150))
        crash();
    }
    if (random_.one_in(4))
      node_.run(milliseconds(random_.below(60)));
  }

  void crash() {
    ++result_.crashes;
    auto how = random_.below(4);
    if (how == 0 && with_.lost_answers)
      node_.store.commit_without_answers();
    else if (how == 1 && with_.full_disk)
      fill_disk();
    node_.crash();
    load_.offer_unacknowledged();
  }

  /// Nothing can be written any more: nothing may be acknowledged, and the process ends.
  void fill_disk() {
    node_.store.fail_writes("the disk is full");
    auto steps = random_.below(20);
    for (std::uint64_t i = 0; i < steps && node_.step(); ++i)
      ++result_.failed_writes;
    node_.store.heal_writes();
  }

  /// No more faults: everything accepted must now come to an end.
  void heal() {
    node_.run();
    node_.crash();
    load_.offer_all(); // once more: a repeated key must change nothing
    node_.run();
    node_.run();
  }

  faults with_;
  testing::sim_random random_;
  sim_node node_;
  load load_;
  outcome_of_seed result_;
};

} // namespace

outcome_of_seed run_seed(std::uint64_t seed, const faults& with) { return run(seed, with).finish(); }

} // namespace troupe::sim
