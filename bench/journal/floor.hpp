#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <vector>

/// What the disk and SQLite alone can do in the same folder: the figures ours are held against.
namespace troupe::bench {

using micros = std::chrono::duration<double, std::micro>;

/// A sorted sample of latencies.
class latencies {
public:
  explicit latencies(std::vector<micros> all);
  micros at(double quantile) const;
  std::size_t count() const noexcept { return sorted_.size(); }

private:
  std::vector<micros> sorted_;
};

/// Writes 4 KiB over a file that exists and waits for the disk, again and again.
latencies sync_loop(const std::filesystem::path& folder, std::chrono::milliseconds how_long);

/// Rows of `row_bytes` a second in transactions of `batch` (WAL, synchronous=FULL), nothing else.
double sqlite_rows_per_second(const std::filesystem::path& folder, std::size_t batch, std::size_t row_bytes,
                              std::chrono::milliseconds how_long);

} // namespace troupe::bench
