#include "tests/sim/cluster_run.hpp"

#include "tests/sim/cluster_process.hpp"
#include "tests/sim/load.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace troupe::sim {
namespace {

constexpr int outside_messages = 40;
constexpr milliseconds tick{20};
constexpr milliseconds troubled{30'000};     // then all heals
constexpr milliseconds quiet_within{90'000}; // and everything must have come to an end

/// Nodes, the network between them, the store's clock: one thread, one seed.
class cluster_run final : private world {
public:
  cluster_run(std::uint64_t seed, const cluster_faults& with)
      : random_(seed)
      , tables_(std::make_shared<testing::memory_tables>())
      , load_(random_, *this) {
    result_.seed = seed;
    tables_->unsafe.no_fence = with.no_fence;
    tables_->unsafe.no_dedupe = with.no_dedupe;
    auto kinds = kind_registry::of_this_program();
    ensure(kinds.has_value(), "the program's kinds contradict each other");
    for (std::size_t i = 0; i < with.nodes; ++i) {
      auto out = [this, i](cluster::node_epoch to, cluster::message m) { carry(i, to, std::move(m)); };
      auto& s = seats_.emplace_back();
      s.process = std::make_unique<cluster_process>("node-" + std::to_string(i), random_.next(), tables_,
                                                    *kinds, out);
      s.rate = 0.998 + 0.001 * static_cast<double>(random_.below(5));
      s.offset = milliseconds(random_.below(100'000));
      s.process->start(clock_of(s));
    }
  }

  outcome_of_cluster finish() {
    run_until(time_ + milliseconds(3'000));
    auto until = time_ + troubled;
    for (int i = 0; i < outside_messages; ++i) {
      load_.send_one(i);
      run_until(time_ + milliseconds(random_.below(2 * troubled.count() / outside_messages)), true);
    }
    run_until(until, true);
    heal();
    settle();
    result_.acknowledged = load_.acknowledged();
    return result_;
  }

private:
  struct seat {
    std::unique_ptr<cluster_process> process;
    double rate = 1; // of its clock
    milliseconds offset{0};
    instant paused_until{};
    instant store_away_until{};
    instant starts_at = never; // dead until then
  };
  struct parcel {
    std::size_t from = 0;
    cluster::node_epoch from_epoch = 0;
    cluster::node_epoch to = 0;
    cluster::message what;
  };

  instant clock_of(const seat& s) const {
    auto ms = static_cast<double>(to_ms(time_) - start_ms) * s.rate;
    return from_ms(start_ms + static_cast<std::int64_t>(ms)) + s.offset;
  }

  void carry(std::size_t from, cluster::node_epoch to, cluster::message m) {
    auto copies = trouble_ && random_.one_in(20) ? random_.below(3) : 1;
    for (std::uint64_t c = 0; c < copies; ++c) {
      auto delay = milliseconds(random_.below(trouble_ ? 60 : 5));
      if (trouble_ && random_.one_in(50))
        delay += milliseconds(random_.below(3'000));
      under_way_.emplace(time_ + delay, parcel{from, seats_[from].process->epoch(), to, m});
    }
  }

  void deliver() {
    std::vector<parcel> kept_for_later;
    while (!under_way_.empty() && under_way_.begin()->first <= time_) {
      auto p = std::move(under_way_.extract(under_way_.begin()).mapped());
      for (std::size_t i = 0; i < seats_.size(); ++i) {
        auto& s = seats_[i];
        if (!s.process->runs() || s.process->epoch() != p.to)
          continue;
        if (auto cut = cuts_.find({p.from, i}); cut != cuts_.end() && cut->second > time_)
          break;
        if (s.paused_until > time_)
          kept_for_later.push_back(std::move(p)); // in its socket
        else
          s.process->received(p.from_epoch, std::move(p.what));
        break;
      }
    }
    for (auto& p : kept_for_later)
      under_way_.emplace(time_ + tick, std::move(p));
  }

  void run_until(instant until, bool with_trouble = false) {
    while (time_ < until) {
      time_ += tick;
      tables_->now = time_;
      if (with_trouble)
        cause_trouble();
      deliver();
      for (auto& s : seats_)
        turn(s);
      if (to_ms(time_) % 1'000 == 0)
        load_.offer_unacknowledged();
    }
  }

  void turn(seat& s) {
    if (s.starts_at <= time_) {
      s.starts_at = never;
      s.process->start(clock_of(s));
    }
    if (!s.process->runs() || s.paused_until > time_)
      return;
    s.process->node().store.hold_back(s.store_away_until > time_);
    s.process->turn(clock_of(s), random_.below(trouble_ ? 24 : 64));
    if (s.process->ended())
      kill(s, milliseconds(1'000));
  }

  void kill(seat& s, milliseconds away) {
    keep_effects(s);
    s.process->kill();
    s.starts_at = time_ + away;
  }

  seat& any() { return seats_[random_.below(seats_.size())]; }

  void cause_trouble() {
    trouble_ = true;
    if (random_.one_in(300)) {
      auto& s = any();
      if (s.process->runs()) {
        ++result_.kills;
        kill(s, milliseconds(500 + random_.below(4'000)));
      }
    }
    if (random_.one_in(500)) {
      ++result_.pauses;
      any().paused_until = time_ + milliseconds(500 + random_.below(18'000));
    }
    if (random_.one_in(300)) {
      ++result_.cuts;
      auto a = random_.below(seats_.size()), b = random_.below(seats_.size());
      auto until = time_ + milliseconds(random_.below(8'000));
      cuts_[{a, b}] = until;
      if (random_.one_in(2))
        cuts_[{b, a}] = until;
    }
    if (random_.one_in(500)) {
      ++result_.outages;
      auto until = time_ + milliseconds(random_.below(14'000));
      bool everybody = random_.one_in(3);
      auto one = random_.below(seats_.size());
      for (std::size_t i = 0; i < seats_.size(); ++i)
        if (everybody || i == one)
          seats_[i].store_away_until = until;
    }
    if (random_.one_in(8))
      move_somebody();
  }

  void move_somebody() {
    auto& s = any();
    if (!s.process->runs() || !s.process->booted() || s.paused_until > time_)
      return;
    auto agents = s.process->node().active();
    if (agents.empty())
      return;
    s.process->migrate(agents[random_.below(agents.size())], any().process->name(),
                       [this](const result<move_report>& came) { result_.moves += came ? 1 : 0; });
  }

  void heal() {
    trouble_ = false;
    cuts_.clear();
    for (auto& s : seats_) {
      s.paused_until = {};
      s.store_away_until = {};
    }
  }

  void settle() {
    auto until = time_ + quiet_within;
    run_until(time_ + milliseconds(15'000));
    load_.offer_all(); // once more: a repeated key must change nothing
    bool quiet = false;
    while (!quiet && time_ < until) {
      run_until(time_ + milliseconds(1'000));
      quiet = load_.all_acknowledged() && tables_->totals().pending == 0;
    }
    run_until(time_ + milliseconds(5'000));
    result_.violation = load_.check();
  }

  // world
  void inject(const std::string& to, const std::string& type, const std::string& body,
              std::function<void(result<inject_answer>)> done, const std::string& key) override {
    auto first = random_.below(seats_.size());
    for (std::size_t i = 0; i < seats_.size(); ++i) {
      auto& s = seats_[(first + i) % seats_.size()];
      if (s.process->runs() && s.paused_until <= time_ && s.process->takes(to))
        return s.process->node().inject(to, type, body, std::move(done), key);
    }
    done(fail(fault::unavailable, "no node takes it now"));
  }
  testing::sim_node& one() {
    auto up = std::find_if(seats_.begin(), seats_.end(), [](const auto& s) { return s.process->runs(); });
    ensure(up != seats_.end(), "every node has healed");
    return up->process->node();
  }
  std::map<std::string, std::string> documents(const std::string& agent) override {
    return one().documents(agent);
  }
  std::vector<journal::agent_summary> agents() override { return one().agents(); }
  std::vector<std::string> undelivered() override { return one().undelivered(); }
  std::vector<journal::stored_dead_letter> dead_letters() override { return one().dead_letters(); }
  journal::ledger totals() override { return tables_->totals(); }
  void keep_effects(seat& s) {
    auto& seen = s.process->node().effects_seen;
    effects_.insert(effects_.end(), seen.begin(), seen.end());
    seen.clear();
  }
  std::vector<testing::seen_effect> effects() const override {
    auto all = effects_;
    for (const auto& s : seats_) {
      const auto& seen = s.process->node().effects_seen;
      all.insert(all.end(), seen.begin(), seen.end());
    }
    return all;
  }

  static constexpr std::int64_t start_ms = 1'700'000'000'000;

  testing::sim_random random_;
  std::shared_ptr<testing::memory_tables> tables_;
  instant time_ = from_ms(start_ms);
  std::vector<seat> seats_;
  std::multimap<instant, parcel> under_way_;
  std::map<std::pair<std::size_t, std::size_t>, instant> cuts_;
  std::vector<testing::seen_effect> effects_;
  load load_;
  bool trouble_ = false;
  outcome_of_cluster result_;
};

} // namespace

outcome_of_cluster run_cluster_seed(std::uint64_t seed, const cluster_faults& with) {
  return cluster_run(seed, with).finish();
}

} // namespace troupe::sim
