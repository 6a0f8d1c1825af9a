#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace troupe::sim {

/// What a seeded run of a whole cluster came to.
struct outcome_of_cluster {
  std::uint64_t seed = 0;
  std::string violation;
  std::size_t acknowledged = 0;
  std::size_t kills = 0;
  std::size_t pauses = 0;
  std::size_t cuts = 0;
  std::size_t outages = 0;
  std::size_t moves = 0; // that came through
};

struct cluster_faults {
  std::size_t nodes = 3;
  bool no_fence = false; // test only: proves that the checks can see
  bool no_dedupe = false;
};

outcome_of_cluster run_cluster_seed(std::uint64_t seed, const cluster_faults& with);

} // namespace troupe::sim
