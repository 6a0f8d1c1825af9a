#include "tests/kernels/emulator/block.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>

namespace troupe::kernels::cuda {

namespace {

/// Reads as NaN in float and bf16, and as an index that no array has.
constexpr std::uint32_t poison = 0xffffffffu;

} // namespace

block_run::block_run(stack_pool& stacks, grid_size grid, grid_size place, unsigned threads,
                     const emulation& how, std::uint64_t seed)
    : stacks_(stacks)
    , grid_(grid)
    , place_(place)
    , how_(how)
    , random_(seed)
    , fibers_(threads)
    , warps_(threads / warp_size) {
  if (threads == 0 || threads % warp_size != 0)
    throw emulation_error("a block is a whole number of warps");
  if (random_() % 2 == 0)
    return;
  for (std::size_t warp = 0; warp < warps_.size(); ++warp)
    precedence_.push_back(random_());
}

void block_run::start(unsigned thread, const std::function<void()>& kernel) {
  auto& own = fibers_[thread];
  own.self = boost::context::fiber(std::allocator_arg, pooled_stack(stacks_),
                                   [&own, &kernel](boost::context::fiber&& back) {
                                     own.back = std::move(back);
                                     try {
                                       kernel();
                                     } catch (const left_early&) { // a mutation
                                     }
                                     own.is = state::over;
                                     return std::move(own.back);
                                   });
}

void block_run::run(const std::function<void()>& kernel) {
  for (unsigned thread = 0; thread < threads(); ++thread)
    start(thread, kernel);
  ready_.resize(threads());
  std::iota(ready_.begin(), ready_.end(), 0u);
  while (over_ < threads()) {
    running_ = draw_ready();
    auto& own = fibers_[running_];
    own.self = std::move(own.self).resume();
    if (own.is != state::over)
      continue;
    ++over_;
    barriers_most_ = std::max(barriers_most_, own.barriers);
    shuffles_most_ = std::max(shuffles_most_, own.shuffles);
    if (waiting_ > 0 && waiting_ + over_ == threads())
      throw emulation_error("a thread left while others wait at a barrier");
  }
}

unsigned block_run::draw_ready() {
  if (ready_.empty())
    stuck();
  auto next = ready_.begin() + static_cast<std::ptrdiff_t>(random_() % ready_.size());
  if (!precedence_.empty())
    next = std::ranges::max_element(ready_, {}, [this](unsigned t) { return precedence_[t / warp_size]; });
  std::swap(*next, ready_.back());
  const auto thread = ready_.back();
  ready_.pop_back();
  return thread;
}

void block_run::stuck() const {
  throw emulation_error(over_ > 0 ? "a thread left while others wait for it"
                                  : "threads of one block wait at different places");
}

void block_run::yield(state why) {
  auto& own = fibers_[running_];
  own.is = why;
  own.back = std::move(own.back).resume();
}

void block_run::release(state waiting, unsigned first, unsigned count) {
  for (unsigned thread = first; thread < first + count; ++thread)
    if (fibers_[thread].is == waiting) {
      fibers_[thread].is = state::ready;
      ready_.push_back(thread);
    }
}

void block_run::sync() {
  auto& own = fibers_[running_];
  const auto number = own.barriers++;
  if (how_.forget_barrier == number)
    return;
  if (how_.leave_at_barrier == number && running_ == 0)
    throw left_early{};
  if (++waiting_ == threads()) {
    waiting_ = 0;
    release(state::at_barrier, 0, threads());
    ready_.push_back(running_); // the last one has no precedence either
    yield(state::ready);
    return;
  }
  yield(state::at_barrier);
}

const block_run::meeting& block_run::meet(const std::array<std::uint32_t, 6>& bring) {
  auto& own = fibers_[running_];
  const auto lane = running_ % warp_size;
  auto& here = warps_[running_ / warp_size].meetings[own.meetings++ % 2];
  here.brought[lane] = bring;
  if (++here.came < warp_size) {
    yield(state::at_warp);
    return here;
  }
  here.came = 0;
  release(state::at_warp, running_ - lane, warp_size);
  ready_.push_back(running_);
  yield(state::ready);
  return here;
}

void block_run::sync_warp() {
  if (how_.forget_warp_barrier == fibers_[running_].warp_barriers++)
    return;
  meet({});
}

std::uint32_t block_run::exchange(std::uint32_t value, unsigned bits) {
  const auto forgotten = how_.forget_shuffle == fibers_[running_].shuffles++;
  const auto lane = running_ % warp_size;
  const auto& met = meet({value, 0, 0, 0, 0, 0});
  return forgotten ? value : met.brought[lane ^ (bits % warp_size)][0];
}

namespace {

float half_of(std::uint32_t word, unsigned which) { return which == 0 ? low_half(word) : high_half(word); }

} // namespace

// The layouts of PTX ISA, mma.m16n8k16 for bf16: lane l holds, of A, rows l/4 and l/4 + 8 at columns
// 2 (l%4) … +1 and +8; of B, column l/4 at the same rows; of C, rows like A's at columns 2 (l%4) … +1.
void block_run::multiply(mma_c& c, const mma_a& a, const mma_b& b) {
  const auto lane = running_ % warp_size;
  const auto& met = meet({a.part[0], a.part[1], a.part[2], a.part[3], b.part[0], b.part[1]});
  for (unsigned i = 0; i < 4; ++i) {
    const auto row = lane / 4, column = lane % 4 * 2 + i % 2;
    float sum = 0;
    for (unsigned k = 0; k < 16; ++k) {
      const auto column_lane = k % 8 / 2;
      const auto a_part = (k / 8) * 2 + i / 2;
      const auto b_part = 4 + k / 8;
      sum += half_of(met.brought[row * 4 + column_lane][a_part], k % 2) *
             half_of(met.brought[column * 4 + column_lane][b_part], k % 2);
    }
    c.part[i] += sum;
  }
}

void block_run::copy(void* shared, const void* global) {
  bytes16 what;
  std::memcpy(&what, global, sizeof what);
  if (random_() % 2 == 0) // it may be there at once as well
    std::memcpy(shared, &what, sizeof what);
  else
    fibers_[running_].open.push_back({shared, what});
}

void block_run::commit() {
  auto& own = fibers_[running_];
  own.groups.push_back(std::move(own.open));
  own.open.clear();
}

void block_run::wait(unsigned pending) {
  auto& groups = fibers_[running_].groups;
  if (how_.forget_waits)
    return;
  while (groups.size() > pending) {
    for (const auto& order : groups.front())
      std::memcpy(order.to, &order.what, sizeof order.what);
    groups.erase(groups.begin());
  }
}

void* block_run::shared(unsigned which, std::size_t bytes) {
  auto& memory = shared_[which];
  if (memory.empty())
    memory.assign((bytes + sizeof(bytes16) - 1) / sizeof(bytes16), {{poison, poison, poison, poison}});
  return memory.data();
}

} // namespace troupe::kernels::cuda
