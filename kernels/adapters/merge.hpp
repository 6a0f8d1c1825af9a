#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/model/weights.hpp"

namespace troupe::kernels {

/// The model with the adapter in its weights: W + scale * B * A, in float32, for the matrices that the
/// adapter changes; the others are shared with the original. The adapter is one for the model's shape.
model_weights merged(const model_weights& model, const adapter& with);

} // namespace troupe::kernels
