#pragma once

#include "kernels/cuda/device.cuh"
#include "tests/kernels/emulator/grid.hpp"
#include "tests/kernels/emulator/stack_pool.hpp"

#include <array>
#include <boost/context/fiber.hpp>
#include <map>
#include <random>
#include <vector>

namespace troupe::kernels::cuda {

/// One block of a launch while it runs.
class block_run {
public:
  block_run(stack_pool& stacks, grid_size grid, grid_size place, unsigned threads, const emulation& how,
            std::uint64_t seed);

  void run(const std::function<void()>& kernel);

  // What the running thread asks for; device.cuh declares the functions that come here.
  unsigned thread() const noexcept { return running_; }
  unsigned threads() const noexcept { return static_cast<unsigned>(fibers_.size()); }
  const grid_size& grid() const noexcept { return grid_; }
  const grid_size& place() const noexcept { return place_; }
  void sync();
  void sync_warp();
  std::uint32_t exchange(std::uint32_t value, unsigned bits);
  void multiply(mma_c& c, const mma_a& a, const mma_b& b);
  void copy(void* shared, const void* global);
  void commit();
  void wait(unsigned pending);
  void* shared(unsigned which, std::size_t bytes);

  unsigned barriers() const noexcept { return barriers_most_; }
  unsigned shuffles() const noexcept { return shuffles_most_; }

private:
  enum class state : unsigned char { ready, at_barrier, at_warp, over };
  struct left_early {};

  struct copy_order {
    void* to;
    bytes16 what;
  };
  struct fiber_state {
    boost::context::fiber self;
    boost::context::fiber back;
    state is = state::ready;
    unsigned barriers = 0;
    unsigned shuffles = 0;
    unsigned warp_barriers = 0;
    unsigned meetings = 0; // of its warp
    std::vector<copy_order> open;
    std::vector<std::vector<copy_order>> groups;
  };
  /// What lanes bring to a meeting. Two, since a lane may be at the next meeting while another still reads.
  struct meeting {
    std::array<std::array<std::uint32_t, 6>, warp_size> brought{};
    unsigned came = 0;
  };
  struct warp_state {
    std::array<meeting, 2> meetings;
  };

  void start(unsigned thread, const std::function<void()>& kernel);
  unsigned draw_ready();
  void release(state waiting, unsigned first, unsigned count);
  void release_barrier();
  void yield(state why);
  const meeting& meet(const std::array<std::uint32_t, 6>& bring);
  [[noreturn]] void stuck() const;

  stack_pool& stacks_;
  grid_size grid_;
  grid_size place_;
  const emulation& how_;
  std::mt19937_64 random_;
  std::vector<fiber_state> fibers_;
  std::vector<unsigned> ready_;
  std::vector<std::uint64_t>
      precedence_; // of warps, in every other block: some run far ahead; else any thread is next
  std::vector<warp_state> warps_;
  std::map<unsigned, std::vector<bytes16>> shared_;
  unsigned running_ = 0;
  unsigned waiting_ = 0; // at the barrier
  unsigned over_ = 0;
  unsigned barriers_most_ = 0;
  unsigned shuffles_most_ = 0;
};

} // namespace troupe::kernels::cuda
