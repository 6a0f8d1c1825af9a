#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/base/token_id.hpp"
#include "kernels/model/weights.hpp"

#include <span>
#include <vector>

namespace troupe::kernels::tests {

/// Logits at every position of one text in float64, from the definitions of the families, with nothing in
/// common with what it judges but the weights.
std::vector<std::vector<double>> double_logits(const model_weights& model, std::span<const token_id> tokens,
                                               const adapter* with);

} // namespace troupe::kernels::tests
