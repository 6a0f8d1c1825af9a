#include "tests/kernels/emulator/grid.hpp"

#include "tests/kernels/emulator/block.hpp"

#include <algorithm>
#include <bit>

namespace troupe::kernels::cuda {

namespace {

/// The block that runs; device.cuh's functions have no place for it among their arguments.
thread_local block_run* current = nullptr;

struct as_current {
  explicit as_current(block_run& block) { current = &block; }
  ~as_current() { current = nullptr; }
};

} // namespace

emulated launch(grid_size grid, unsigned threads, const emulation& how, const std::function<void()>& kernel) {
  emulated told;
  std::vector<grid_size> places;
  for (unsigned z = 0; z < grid.z; ++z)
    for (unsigned y = 0; y < grid.y; ++y)
      for (unsigned x = 0; x < grid.x; ++x)
        places.push_back({x, y, z});
  stack_pool stacks;
  std::mt19937_64 random(how.seed);
  std::ranges::shuffle(places, random);
  for (const auto& place : places) {
    block_run block(stacks, grid, place, threads, how, random());
    const as_current here(block);
    block.run(kernel);
    ++told.blocks;
    told.barriers = std::max(told.barriers, block.barriers());
    told.shuffles = std::max(told.shuffles, block.shuffles());
  }
  return told;
}

unsigned thread_index() { return current->thread(); }
unsigned thread_count() { return current->threads(); }
unsigned block_x() { return current->place().x; }
unsigned block_y() { return current->place().y; }
unsigned block_z() { return current->place().z; }
unsigned grid_x() { return current->grid().x; }
void sync_threads() { current->sync(); }
void sync_warp() { current->sync_warp(); }
std::uint32_t shuffle_xor(std::uint32_t value, unsigned bits) { return current->exchange(value, bits); }
float shuffle_xor(float value, unsigned bits) {
  return std::bit_cast<float>(current->exchange(std::bit_cast<std::uint32_t>(value), bits));
}
void multiply_add(mma_c& c, const mma_a& a, const mma_b& b) { current->multiply(c, a, b); }
void copy_async(void* shared, const void* global) { current->copy(shared, global); }
void copy_async_commit() { current->commit(); }
void copy_async_wait(unsigned pending) { current->wait(pending); }
void* shared_memory(unsigned which, std::size_t bytes) { return current->shared(which, bytes); }

} // namespace troupe::kernels::cuda
