#include "runtime/supervision/supervisor.hpp"

#include "tests/unit/runtime/supervision/staging.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>

namespace troupe::supervision {

using namespace staging;

namespace {

/// One supervisor with random rules, driven by random ends, by somebody who does what it says. Checks each
/// list of decisions against what the strategy allows and what the world looks like.
class rehearsal {
public:
  explicit rehearsal(std::uint64_t seed)
      : random_(seed)
      , policy_(random_policy())
      , where_(random_.below(2) ? supervisor::place::nested : supervisor::place::top)
      , keys_(random_keys())
      , self_("play", policy_, children(keys_), where_, random_) {
    runs_.resize(keys_.size());
    stopping_.resize(keys_.size());
    failed_.resize(keys_.size());
    carry_out(self_.boot(now()));
  }

  void step() {
    ms_ += static_cast<std::int64_t>(random_.below(random_.below(4) ? 60 : 3'000));
    carry_out(self_.due(now()));
    const std::size_t who = random_.below(keys_.size());
    if (stopping_[who])
      finish(who);
    else if (runs_[who] && random_.below(8) == 0)
      withdraw(who);
    else if (runs_[who])
      crash(who);
    else if (!self_.holds(child(keys_[who])) && random_.below(2))
      activate(who);
    if (escalated_)
      resume();
  }

  /// Whatever happened, everything that is to run does so in the end.
  void settle() {
    for (std::size_t i = 0; i < keys_.size(); ++i)
      if (stopping_[i])
        finish(i);
    ms_ += 24 * 3'600'000;
    carry_out(self_.due(now()));
    for (const child_view& seen : self_.view())
      BOOST_REQUIRE(seen.state == child_state::running || seen.state == child_state::down ||
                    seen.state == child_state::failed);
    BOOST_REQUIRE(self_.next_due() == never);
  }

  bool gave_up() const { return gave_up_; }
  std::size_t restarts() const { return restarts_all_; }

private:
  supervision_policy random_policy() {
    supervision_policy made;
    made.how = static_cast<strategy>(random_.below(3));
    made.max_restarts = static_cast<std::uint32_t>(random_.below(6));
    made.within = milliseconds(1 + static_cast<std::int64_t>(random_.below(20'000)));
    made.backoff_initial = milliseconds(static_cast<std::int64_t>(random_.below(200)));
    made.backoff_max = made.backoff_initial + milliseconds(static_cast<std::int64_t>(random_.below(5'000)));
    return validated(made).value();
  }

  std::vector<std::string> random_keys() {
    std::vector<std::string> made;
    for (std::uint64_t i = 0, n = 1 + random_.below(6); i < n; ++i)
      made.push_back(std::string(1, static_cast<char>('a' + i)));
    return made;
  }

  instant now() const { return at(ms_); }

  std::size_t number(const child_id& id) const {
    return static_cast<std::size_t>(std::find(keys_.begin(), keys_.end(), id.agent.key()) - keys_.begin());
  }

  bool in_radius(std::size_t fallen, std::size_t other) const {
    if (policy_.how == strategy::one_for_one)
      return other == fallen;
    return policy_.how == strategy::one_for_all || other >= fallen;
  }

  void activate(std::size_t who) {
    runs_[who] = true;
    self_.started(child(keys_[who]));
  }

  void withdraw(std::size_t who) {
    runs_[who] = false;
    carry_out(self_.withdrawn(child(keys_[who]), now()));
  }

  void finish(std::size_t who) {
    stopping_[who] = false;
    runs_[who] = false;
    const auto how = random_.below(2) ? end_kind::crashed : end_kind::normal;
    carry_out(self_.ended(child(keys_[who]), how, "stopped", now()));
  }

  void crash(std::size_t who) {
    runs_[who] = false;
    fallen_ = who;
    const decisions made = self_.ended(child(keys_[who]), end_kind::crashed, "boom", now());
    check_order(who, made);
    const auto planned = [&](const decision& d) { return d.what == action::plan && number(d.child) == who; };
    if (std::any_of(made.begin(), made.end(), planned))
      count_restart();
    else
      give_up(made);
    carry_out(made);
    fallen_.reset();
  }

  void count_restart() {
    ++restarts_all_;
    times_.push_back(ms_);
    const auto recent = [&](std::int64_t then) { return ms_ - then < policy_.within.count(); };
    BOOST_REQUIRE(std::count_if(times_.begin(), times_.end(), recent) <= std::int64_t{policy_.max_restarts});
  }

  void give_up(const decisions& made) {
    const auto recent = [&](std::int64_t then) { return ms_ - then < policy_.within.count(); };
    BOOST_REQUIRE(std::count_if(times_.begin(), times_.end(), recent) == std::int64_t{policy_.max_restarts});
    BOOST_REQUIRE(!made.empty());
    BOOST_REQUIRE((made.back().what == action::escalate) == (where_ == supervisor::place::nested));
    times_.clear(); // a supervisor that gave up starts over
    gave_up_ = true;
  }

  /// Stops and failures in strictly reverse order, starts and plans in strictly the declared order.
  void check_order(std::size_t fallen, const decisions& made) const {
    std::optional<std::size_t> lowest_stop;
    std::optional<std::size_t> highest_plan;
    const bool escalates = !made.empty() && made.back().what == action::escalate;
    for (const decision& d : made) {
      if (d.what == action::escalate)
        continue;
      const std::size_t who = number(d.child);
      BOOST_REQUIRE(in_radius(fallen, who) || escalates);
      if (d.what == action::stop || d.what == action::fail) {
        BOOST_REQUIRE(!lowest_stop || who < *lowest_stop);
        lowest_stop = who;
      }
      if (d.what == action::plan) {
        BOOST_REQUIRE(!highest_plan || who > *highest_plan);
        highest_plan = who;
      }
    }
  }

  void carry_out(const decisions& made) {
    std::optional<std::size_t> last_start;
    for (const decision& d : made) {
      if (d.what == action::escalate)
        escalated_ = true;
      else if (d.what == action::start)
        start(number(d.child), last_start);
      else if (d.what == action::stop)
        stop(number(d.child));
      else if (d.what == action::fail)
        fail_child(number(d.child));
    }
  }

  void start(std::size_t who, std::optional<std::size_t>& last_start) {
    BOOST_REQUIRE(!runs_[who] && !stopping_[who] && !failed_[who]);
    BOOST_REQUIRE(!last_start || who > *last_start);
    const bool together = policy_.how != strategy::one_for_one;
    BOOST_REQUIRE(!together || std::find(stopping_.begin(), stopping_.end(), true) == stopping_.end());
    last_start = who;
    runs_[who] = true;
    self_.started(child(keys_[who]));
  }

  void stop(std::size_t who) {
    BOOST_REQUIRE(runs_[who] && !stopping_[who]);
    stopping_[who] = true;
  }

  void fail_child(std::size_t who) {
    BOOST_REQUIRE(!failed_[who]);
    failed_[who] = true;
    runs_[who] = stopping_[who] = false;
  }

  void resume() {
    escalated_ = false;
    carry_out(self_.resume(now()));
  }

  seeded_random random_;
  supervision_policy policy_;
  supervisor::place where_;
  std::vector<std::string> keys_;
  supervisor self_;
  std::int64_t ms_ = 0;
  std::vector<bool> runs_, stopping_, failed_;
  std::vector<std::int64_t> times_;
  std::optional<std::size_t> fallen_;
  std::size_t restarts_all_ = 0;
  bool escalated_ = false;
  bool gave_up_ = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(supervisor_properties)

BOOST_AUTO_TEST_CASE(over_a_thousand_seeds_windows_orders_and_liveness_hold) {
  std::size_t gave_up = 0;
  std::size_t restarts = 0;
  for (std::uint64_t seed = 1; seed <= 1'000; ++seed) {
    BOOST_TEST_INFO_SCOPE("seed " << seed);
    rehearsal play(seed);
    for (int i = 0; i < 200; ++i)
      play.step();
    play.settle();
    gave_up += play.gave_up();
    restarts += play.restarts();
  }
  BOOST_TEST(gave_up > 100u); // the rare branch was reached, and so was the usual one
  BOOST_TEST(restarts > 10'000u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::supervision
