#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/model/shape.hpp"

#include <string>
#include <vector>

namespace troupe::kernels {

/// How an adapter is made: which modules by the ends of their names, and how much each may gain.
struct adapter_plan {
  std::vector<std::string> targets; // "q_proj", "w1" …; "all-linear": every matrix of the layers but routers
  std::uint32_t rank = 8;
  double alpha = 16;
  bool rank_stabilised = false; // alpha / sqrt(rank) instead of alpha / rank

  float scale() const;
};

/// An adapter that changes nothing yet: A small and random by the seed, B zero. Refuses targets that the
/// model has not, naming what it has.
result<adapter> fresh_adapter(const std::string& name, const model_shape& shape, const adapter_plan& plan,
                              std::uint64_t seed);

/// A PEFT folder that `load_peft_adapter`, and PEFT, read back. `base` is written down as the model's name.
result<done> write_peft_adapter(const std::string& folder, const adapter& from, const model_shape& shape,
                                const adapter_plan& plan, const std::string& base);

} // namespace troupe::kernels
