#pragma once

#include "runtime/base/time.hpp"

#include <atomic>
#include <mutex>
#include <random>

namespace troupe {

/// The machine's clock, held to never go backwards. Any thread.
class system_clock_source final : public clock_source {
public:
  instant now() override;

private:
  std::atomic<std::int64_t> latest_ms_ = 0;
};

/// Seeded from the machine's entropy. Any thread.
class system_random_source final : public random_source {
public:
  system_random_source();
  std::uint64_t next() override;

private:
  std::mutex lock_;
  std::mt19937_64 engine_;
};

} // namespace troupe
