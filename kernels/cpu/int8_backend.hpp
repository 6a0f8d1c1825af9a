#pragma once

#include "kernels/cpu/int8_kernels.hpp"
#include "kernels/reference/engine.hpp"
#include "kernels/threads/team.hpp"

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace troupe::kernels {

/// Multiplies with bytes where a model's matrices are stored as bytes (Q8_0, Q4_0): weights are packed once,
/// activations rounded to bytes block by block. Other kinds are multiplied as the reference does it. One
/// forward pass at a time.
class int8_backend final : public linear_backend {
public:
  /// Packs what can be packed. The model outlives the backend.
  int8_backend(const model_weights& model, std::size_t threads, instruction_set set);

  activations apply(const linear& by, const activations& x) const override;

  std::uint64_t packed_bytes() const noexcept { return packed_bytes_; }

private:
  void pack(const linear& part);
  void multiply(const int8_matrix& by, const int8_rows& x, activations& y) const;

  panel_kernel kernel_;
  std::unordered_map<const linear*, int8_matrix> packed_;
  std::uint64_t packed_bytes_ = 0;
  mutable thread_team team_;
};

} // namespace troupe::kernels
