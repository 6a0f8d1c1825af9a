#pragma once

#include <chrono>
#include <filesystem>
#include <vector>

namespace troupe::bench {

/// The journal on a PostgreSQL of its own below `folder` beside bare inserts into the same server,
/// interleaved.
struct postgres_samples {
  std::vector<double> singles;          // bare: one row a commit, one connection
  std::vector<double> bare_64;          // bare: 64 rows a statement, through unnest
  std::vector<double> documents_64;     // journal: turns with one document, 64 in flight
  std::vector<double> tells_64;         // journal: tells, 64 in flight
  std::vector<double> turns_alone;      // journal: turns with one document, 1 in flight
  std::vector<double> fenced_over_bare; // documents_64 / bare_64
};

postgres_samples measure_postgres(const std::filesystem::path& folder, int rounds,
                                  std::chrono::milliseconds slice);

} // namespace troupe::bench
