#pragma once

#include "kernels/files/json_object.hpp"
#include "kernels/model/shape.hpp"

namespace troupe::kernels {

/// What a config says about positions; the shape's family, context and head size are known already.
result<rope_settings> read_hf_rope(const json_object& config, const model_shape& shape);

/// What cosines and sines are multiplied by under yarn when nobody says otherwise.
double yarn_attention_factor(double factor);

} // namespace troupe::kernels
