#pragma once

#include "runtime/agent/agent_cell.hpp"
#include "runtime/base/time.hpp"
#include "runtime/node/ingress_shard.hpp"
#include "runtime/node/node_core.hpp"
#include "tests/support/memory_journal.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::testing {

class sim_clock final : public clock_source {
public:
  instant now() override { return time; }
  instant time = from_ms(1'700'000'000'000);
};

class sim_random final : public random_source {
public:
  explicit sim_random(std::uint64_t seed)
      : state_(seed) {}
  std::uint64_t next() override; // splitmix64
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }
  bool one_in(std::uint64_t n) { return below(n) == 0; }

private:
  std::uint64_t state_;
};

/// What an outside service sees of one request.
struct seen_effect {
  std::string key;
  std::string agent;
  bool repeated = false;
};

/// A whole node in one thread, driven by one seed: the production cells, node core and ingress shards around
/// a memory journal. Nothing happens between calls of `step`; which of the possible things happens next is
/// the seed's.
class sim_node : private cell_services {
public:
  struct options {
    std::uint64_t seed = 1;
    bool duplicates = false; // hints arrive twice, late, or not at all
    agent_cell::options cell;
    std::uint32_t sender_pending_max = 100'000;
    memory_tables::switches unsafe;
    std::shared_ptr<memory_tables> shared; // of a cluster; null: tables of its own
    peers* others = nullptr;
  };

  sim_node(options how, kind_registry kinds);
  ~sim_node();

  sim_clock clock;
  sim_random random_numbers;
  memory_journal store;

  /// What the outside does when asked; the default answers with the request's body.
  std::function<outcome(const journal::effect_put&)> outside;
  std::vector<seen_effect> effects_seen;
  bool results_reach_rows_only = false; // the news of what an effect came to is lost

  void boot();
  /// The process dies and starts again: all but the journal is lost.
  void crash();
  /// The process dies and does not come back: nothing of it happens any more.
  void kill();
  /// One thing happens. False: nothing can happen before time passes.
  bool step();
  /// Time has passed: whatever is due at `clock.time`.
  void wake();
  /// Looks through the store for what hints did not bring.
  void sweep();
  /// Until nothing can happen, time included: jumps to the next due time, at most `limit` ahead.
  void run(milliseconds limit = milliseconds(3'600'000));
  /// Until nothing can happen at this time.
  void settle();

  void inject(const std::string& to, const std::string& type, const std::string& body,
              std::function<void(result<inject_answer>)> done, const std::string& key = "",
              bool wait = false);
  /// Injects and runs until it is answered.
  result<inject_answer> ask(const std::string& to, const std::string& type, const std::string& body);

  void operate(const std::string& agent, const std::function<void(agent_cell&, instant)>& what);
  bool is_active(const std::string& agent) const;
  /// Is the shard that takes this caller's messages here?
  bool takes(const std::string& to) const;

  // What the rest of a cluster asks, as local_node has it.
  void arrived(peer_notice what);
  void members_changed();
  void set_frozen(bool on);
  void freeze(const agent_id& id, answer<std::uint64_t> done);
  void thaw(const agent_id& id);
  void let_go(const agent_id& id);
  void take_over(const agent_id& id, std::uint64_t owner, std::uint64_t epoch, answer<std::uint64_t> done);
  std::vector<agent_id> active() const;
  void passivate_idle();
  journal::ledger totals();
  std::map<std::string, std::string> documents(const std::string& agent);
  std::vector<journal::agent_summary> agents();
  /// One sentence for every row still in an outbox.
  std::vector<std::string> undelivered();
  std::vector<journal::stored_dead_letter> dead_letters();
  std::size_t turns() const noexcept { return turns_; }
  std::size_t told_in_vain() const noexcept { return told_in_vain_; }

private:
  // cell_services
  random_source& random() override { return random_numbers; }
  const kind_spec* find_kind(std::string_view name) const override { return kinds_.find(name); }
  std::uint32_t pending_count(std::uint64_t birth, const address& to) const override {
    return store.pending_count(birth, to);
  }
  std::uint32_t pending_count(std::uint64_t birth) const override { return store.pending_count(birth); }
  std::uint32_t sender_pending_max() const override { return options_.sender_pending_max; }
  std::uint64_t node_epoch() const override { return store.node_epoch(); }
  bool executor_gone(std::uint64_t epoch) const override {
    return epoch != node_epoch() && (!options_.others || options_.others->gone(epoch));
  }
  milliseconds call_deadline() const override { return milliseconds(30'000); }
  void turn_begins(const agent_id&, const std::string&) override {}
  void turn_ends() override {}
  void told_in_vain(std::size_t count) override { told_in_vain_ += count; }

  struct host {
    std::unique_ptr<agent_cell> cell;
    answer<std::uint64_t> still;   // told once a move may take the agent
    std::uint64_t life = 0;        // answers for an earlier host of the address are not for this one
    std::optional<cell_over> over; // then only what is in flight is waited for
  };

  void tell(told what);
  void later(std::function<void()> what) { inbox_.push_back(std::move(what)); }
  void route(std::uint64_t birth, const std::vector<journal::outgoing>& rows,
             const std::vector<std::uint64_t>& numbers);
  void hint(const agent_id& to, journal::pending_row row);
  bool hint_elsewhere(const agent_id& to, const journal::pending_row& row);
  void look_after_shards();
  void shard_found(std::size_t shard, result<journal::loaded_agent> found);
  void claimed(const agent_id& id, result<journal::loaded_agent> found);
  void tell_if_still(const agent_id& id);
  void work(const agent_id& id);
  void do_cell_actions(const agent_id& id);
  void do_cell_actions(host& h);
  void committed(const agent_id& id, std::uint64_t life, std::uint64_t turn, const journal::receipt& r);
  void do_node_actions();
  void do_ingress_actions(std::size_t shard);
  void start(start_host a);
  void execute(const agent_id& id, const execute_effect& a, bool repeated);
  void record(const agent_id& id, const std::string& task, const std::string& effect, const std::string& row,
              const outcome& came);
  void settled(const agent_id& id, const std::string& task, const std::string& effect, const outcome& came);
  void leave(const agent_id& id);
  void farewell(std::uint64_t life);
  void retire(const agent_id& id, std::uint64_t epoch);
  instant next_time();
  host* find(const agent_id& id);

  options options_;
  kind_registry kinds_;
  std::unique_ptr<node_core> core_;
  std::map<address, host> hosts_;
  std::map<std::uint64_t, host> leaving_; // by their lives
  std::vector<std::unique_ptr<ingress_shard>> shards_;
  std::deque<std::function<void()>> inbox_; // what the machinery around the cells has still to do
  std::map<address, answer<std::uint64_t>> arriving_;
  std::map<std::size_t, std::uint64_t> shard_lives_;
  std::uint64_t shards_asked_ = 0; // bits
  bool frozen_ = false;
  std::uint64_t next_life_ = 1;
  std::uint64_t process_ = 1; // callbacks of an earlier process are dropped
  instant next_tick_ = never;
  std::size_t turns_ = 0;
  std::size_t told_in_vain_ = 0;
};

} // namespace troupe::testing
