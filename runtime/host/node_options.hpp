#pragma once

#include "runtime/base/time.hpp"
#include "runtime/effects/executor.hpp"
#include "runtime/journal/shared_store.hpp"
#include "runtime/node/peers.hpp"
#include "runtime/supervision/groups_file.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace troupe {

/// Who carries out which verb of `ctx.outside`.
using executors = std::map<std::string, std::shared_ptr<effect_executor>, std::less<>>;

struct node_options {
  std::string name = "node";
  std::size_t scheduler_threads = 2;
  std::size_t worker_threads = 16;
  milliseconds passivate_after{120'000};
  milliseconds call_deadline{30'000};
  milliseconds turn_limit{10'000};
  milliseconds sweep_every{2'000};
  milliseconds dedupe_window{24 * 3600 * 1000};
  milliseconds history_kept{7 * 24 * 3600 * 1000};
  milliseconds dead_letters_kept{milliseconds(30) * 24 * 3600 * 1000};
  std::uint32_t sender_pending_max = 100'000; // mail of one sender on its way to all others together
  std::size_t active_agents_max = 50'000;     // beyond it the longest idle are passivated first
  milliseconds agents_kept{0};                // after their last turn; 0: for ever
  supervision::supervision_policy supervision;
  supervision::supervision_plan supervised;          // groups and kinds with policies of their own
  peers* others = nullptr;                           // the rest of the cluster; null: this node is alone
  journal::shared_store* shared = nullptr;           // the store once more, where several nodes have it open
  std::string recorder_file;                         // flight recorder; empty: none
  std::function<void(std::string)> on_store_failed;  // the node is to end: nothing is acknowledged any more
  std::function<void()> on_stuck;                    // a turn has run three times its limit
  std::function<void(std::string, std::string)> log; // level, sentence
  bool unsafe_open_gate = false;                     // test only: outputs do not wait for the journal
  bool unsafe_rivals = false; // test only: running agents are claimed again, as by another node
};

} // namespace troupe
