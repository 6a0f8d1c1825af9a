#pragma once

#include "kernels/files/json_object.hpp"
#include "kernels/model/shape.hpp"

namespace troupe::kernels {

/// A Hugging Face config.json, in the older spelling (rope_theta, rope_scaling at the top) or the newer one
/// (rope_parameters). Families, kinds of positions and features that we do not compute are refused by name.
result<model_shape> read_hf_config(const json_object& config);

/// config.json of a folder, and what generation_config.json says about the end of texts.
result<model_shape> open_hf_config(const std::string& folder);

} // namespace troupe::kernels
