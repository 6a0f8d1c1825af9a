#pragma once

#include "tests/support/sim_node.hpp"

#include <map>
#include <string>
#include <vector>

namespace troupe::sim {

/// Whatever runs the agents of a simulation: one node, or many.
class world {
public:
  virtual ~world() = default;
  virtual void inject(const std::string& to, const std::string& type, const std::string& body,
                      std::function<void(result<inject_answer>)> done, const std::string& key) = 0;
  virtual std::map<std::string, std::string> documents(const std::string& agent) = 0;
  virtual std::vector<journal::agent_summary> agents() = 0;
  virtual std::vector<std::string> undelivered() = 0;
  virtual std::vector<journal::stored_dead_letter> dead_letters() = 0;
  virtual journal::ledger totals() = 0;
  virtual std::vector<testing::seen_effect> effects() const = 0;
};

/// The messages of a seed, sent to the probe agents, and what must have come of them once all is quiet:
/// sequences without gap, a constant sum, tasks done once, poison in the dead letters, effects under their
/// keys, books that balance.
class load {
public:
  load(testing::sim_random& random, world& on)
      : random_(random)
      , world_(on) {}

  void send_one(int i);
  /// Whoever was not acknowledged asks again under the same key: what a gateway does.
  void offer_unacknowledged();
  void offer_all();
  bool all_acknowledged() const;
  /// All promises; empty: they hold.
  std::string check();
  std::size_t acknowledged() const noexcept { return acknowledged_; }

private:
  struct message {
    std::string to;
    std::string type;
    std::string body;
    bool acknowledged = false;
  };

  std::string pick(const char* kind, int of);
  void send(const std::string& key, const std::string& to, const std::string& type, const json& body);
  void offer(const std::string& key);
  void check_sequences();
  void check_money();
  void check_workers();
  void check_poison();
  void check_effects();
  std::int64_t count(const std::string& type) const;
  void violated(const std::string& what);

  testing::sim_random& random_;
  world& world_;
  std::map<std::string, message> sent_;
  std::string violation_;
  std::size_t acknowledged_ = 0;
};

} // namespace troupe::sim
