#include "runtime/base/system_sources.hpp"

namespace troupe {

instant system_clock_source::now() {
  using namespace std::chrono;
  auto read = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  auto latest = latest_ms_.load(std::memory_order_relaxed);
  while (read > latest && !latest_ms_.compare_exchange_weak(latest, read, std::memory_order_relaxed)) {
  }
  return from_ms(std::max(read, latest));
}

system_random_source::system_random_source() {
  std::random_device entropy;
  std::seed_seq seed{entropy(), entropy(), entropy(), entropy()};
  engine_.seed(seed);
}

std::uint64_t system_random_source::next() {
  std::lock_guard guard(lock_);
  return engine_();
}

} // namespace troupe
