#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>

namespace troupe::kernels::cuda {

struct grid_size {
  unsigned x = 1;
  unsigned y = 1;
  unsigned z = 1;
};

/// What a device would do wrong or hang on: threads that wait for others which never come.
class emulation_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// How a launch goes. Each mutation breaks every thread alike, as if a line were missing in the
/// kernel's source: they prove that the tests would see it.
struct emulation {
  std::uint64_t seed = 1;                                // of the order in which threads and blocks run
  std::optional<unsigned> forget_barrier = std::nullopt; // the n-th that a thread comes to
  std::optional<unsigned> forget_warp_barrier = std::nullopt;
  std::optional<unsigned> forget_shuffle = std::nullopt;   // the n-th gives a lane its own value
  std::optional<unsigned> leave_at_barrier = std::nullopt; // thread 0 returns instead of waiting at its n-th
  bool forget_waits = false;                               // for asynchronous copies
};

/// Counts of one launch: what a test may ask that a mutation has something to break.
struct emulated {
  std::uint64_t blocks = 0;
  unsigned barriers = 0; // most that a thread came to
  unsigned shuffles = 0;
};

/// Runs a kernel on every block of a grid, each thread of a block a fiber of its own. Shared memory is
/// poisoned before each block, and which thread goes on next is drawn by the seed.
emulated launch(grid_size grid, unsigned threads, const emulation& how, const std::function<void()>& kernel);

} // namespace troupe::kernels::cuda
