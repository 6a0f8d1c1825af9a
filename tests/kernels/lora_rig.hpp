#pragma once

#include "kernels/cuda/device.cuh"
#include "kernels/cuda/lora.hpp"
#include "tests/kernels/emulator/grid.hpp"

#include <cstdint>
#include <ostream>
#include <vector>

namespace troupe::kernels::cuda {

struct lora_shape {
  std::uint32_t inner;
  std::vector<std::uint32_t> outer; // of each target
  std::vector<std::uint32_t> ranks; // of each slot; 0: the slot gains nothing
};

inline std::ostream& operator<<(std::ostream& out, const lora_shape& s) {
  return out << "K " << s.inner << ", N " << s.outer.front() << ", " << s.outer.size() << " targets";
}

/// A batch with random numbers, the launch that describes it, and what it should come to.
class lora_rig {
public:
  lora_rig(const lora_shape& shape, const std::vector<std::int32_t>& slots, std::uint32_t splits = 4);

  void decode(const emulation& how);
  void prefill(const emulation& how);
  /// The same launch, arguments and grid, with other contents of device memory.
  void decode_again(const std::vector<std::int32_t>& slots);
  void prefill_again(const std::vector<std::int32_t>& slots);

  /// The worst distance from sums in double since the last launch, as a share of the largest gain.
  double worst_share() const;
  bool base_rows_untouched() const;
  std::vector<float> results() const;
  std::vector<float> row(std::size_t index) const;

private:
  static constexpr std::uint32_t row_capacity = 32;

  void put(const std::vector<std::int32_t>& slots);
  std::vector<double> hidden(std::size_t target, std::size_t row) const;

  lora_shape shape_;
  std::vector<bf16> x_;
  std::vector<std::vector<float>> y_;      // by target
  std::vector<std::vector<float>> before_; // the base's
  std::vector<std::vector<bf16>> matrices_;
  std::vector<lora_slot> slots_;
  std::vector<std::int32_t> slot_of_row_;
  std::uint32_t row_count_ = 0;
  std::vector<lora_segment> segments_;
  std::uint32_t segment_count_ = 0;
  std::vector<float> planes_;
  lora_launch launch_;
};

} // namespace troupe::kernels::cuda
