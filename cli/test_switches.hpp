#pragma once

#include "config/result.hpp"
#include "storage/unsafe_options.hpp"

#include <map>
#include <string>

namespace troupe::cli {

/// What only the tests of the oracle ask of a node: a guarantee switched off, to prove that its loss is seen,
/// or a place to die at. Read from the environment, named so that nobody sets one by mistake, refused by
/// builds without tests, listed in no help.
struct test_switches {
  storage::unsafe_options store;
  bool open_gate = false; // outputs do not wait for the journal
  bool rivals = false;    // agents that run are claimed again, as by a node that believes itself their owner
  bool upgraded_probes = false; // the probes of a later build
  std::string crash_at;         // a fault point
  unsigned crash_passes = 1;    // how often it is passed, the last time never to return

  /// A sentence for the log; empty: nothing is switched.
  std::string warning;
};

/// TROUPE_UNSAFE_FOR_TESTS=no_dedupe,no_fence,early_ack,open_gate,rivals,upgraded_probes and
/// TROUPE_CRASH_AT=POINT[:N].
result<test_switches> read_test_switches(const std::map<std::string, std::string>& environment);

/// From now on the process dies as by kill -9 at the fault point asked for. Before anything runs.
void arm(const test_switches& switches);

} // namespace troupe::cli
