#pragma once

#include "kernels/adapters/adapter.hpp"

#include <map>
#include <string>
#include <string_view>

namespace troupe::kernels {

/// A matrix that an adapter may change, and where what it gains is kept.
struct slot {
  lora* into;
  std::uint32_t rows;
  std::uint32_t columns;
};

/// An adapter without any gain for models of this shape.
adapter empty_adapter(std::string name, const model_shape& shape);

/// All matrices of a model by the names of their modules in Hugging Face's models, like
/// "model.layers.0.self_attn.q_proj". The adapter is one for this shape and outlives the map.
std::map<std::string, slot, std::less<>> slots_of(adapter& of, const model_shape& shape);

/// The name under which `slots_of` knows a module: newer releases say mlp for Mixtral's block_sparse_moe, and
/// adapters that were made on a model without head leave out the first "model.".
std::string canonical_module(std::string_view name, const model_shape& shape);

} // namespace troupe::kernels
