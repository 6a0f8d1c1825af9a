#pragma once

#include "runtime/agent/kind.hpp"
#include "runtime/effects/executor.hpp"
#include "runtime/host/directory.hpp"
#include "runtime/host/flight_deck.hpp"
#include "runtime/host/node_options.hpp"
#include "runtime/host/worker_pool.hpp"
#include "runtime/journal/journal.hpp"

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace troupe::host {

/// What all hosts of a node share. Outlives every actor.
class node_shared {
public:
  node_shared(node_options how, kind_registry kinds, journal::store& store, clock_source& clock,
              random_source& random, executors verbs);

  /// Rows that have just become durable: to their receivers' hosts, or to the node so that it activates them.
  void route(std::uint64_t sender_birth, std::vector<journal::outgoing> rows,
             const std::vector<std::uint64_t>& numbers);
  void route_told(told what);
  void route_answer(told_answer answer);
  void want(const agent_id& id, bool create);
  /// The node an agent is on or belongs to, when that is another one.
  std::optional<std::uint64_t> elsewhere(const agent_id& id);
  /// What another node let this one know.
  void arrived(peer_notice what);

  void execute(const agent_id& agent, std::string task, std::string effect, journal::effect_put request,
               bool adopt);
  void forget(const std::string& effect_id);
  void store_failed(const std::string& why);
  void log(const std::string& level, const std::string& sentence) const {
    if (options.log)
      options.log(level, sentence);
  }

  const node_options options;
  const kind_registry kinds;
  journal::store& store;
  clock_source& clock;
  random_source& random;
  directory hosts;
  flight_deck deck;
  std::vector<agent_id> suspects; // whose turns ran when the last process ended uncleanly
  caf::actor node;                // set once, before the first host
  std::atomic<std::uint64_t> turns = 0;
  std::atomic<std::uint64_t> effects_repeated = 0;
  std::atomic<std::uint64_t> ephemeral_dropped = 0;
  std::atomic<bool> draining = false;
  std::atomic<bool> frozen = false; // the lease may be over: no turn begins

  bool failed(std::string& why) const;

private:
  struct running : cancel_token {
    std::atomic<bool> stop = false;
    bool canceled() const override { return stop.load(std::memory_order_relaxed); }
  };

  void carry_out(const agent_id& agent, const std::string& task, const std::string& effect,
                 const journal::effect_put& request, bool repeated);
  void record(const agent_id& agent, const std::string& task, const std::string& effect,
              const std::string& id, outcome came);
  void settled(const agent_id& agent, const std::string& task, const std::string& effect,
               const outcome& came);

  executors verbs_;
  mutable std::mutex lock_;
  std::unordered_map<std::string, std::shared_ptr<running>> running_;
  std::string failure_;

public:
  worker_pool workers; // last: its threads use the rest
};

} // namespace troupe::host
