#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace troupe::sim {

/// What one seed came to. `violation` is empty when every promise held.
struct outcome_of_seed {
  std::uint64_t seed = 0;
  std::string violation;
  std::size_t crashes = 0;
  std::size_t acknowledged = 0;
  std::size_t turns = 0;
  std::size_t failed_writes = 0; // steps made while the store could write nothing
};

struct faults {
  bool duplicates = true;
  bool lost_answers = true; // a crash may come after a commit and before anybody heard of it
  bool full_disk = true;    // or after the store has failed for a while
  bool no_dedupe = false;   // test only: proves that the checks can see
  bool no_fence = false;
  bool open_gate = false;
};

outcome_of_seed run_seed(std::uint64_t seed, const faults& with);

} // namespace troupe::sim
