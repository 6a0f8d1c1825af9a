#pragma once

#include "kernels/adapters/adapter.hpp"
#include "kernels/adapters/peft_config.hpp"
#include "kernels/adapters/peft_names.hpp"

#include <string_view>
#include <vector>

namespace troupe::kernels {

struct peft_matrix {
  std::vector<std::uint64_t> shape;
  std::vector<float> values;
};

/// The way back of `read_peft_adapter`: the matrix that PEFT keeps under that name, out of an adapter that
/// was read with that config. Stacked experts are put together again; their A is the gate's.
result<peft_matrix> peft_matrix_of(const adapter& from, const model_shape& shape, const peft_config& config,
                                   const peft_tensor_name& name);

/// Gate and up of each expert have one A, as PEFT's stacked layout makes it.
bool shares_gate_up(const peft_config& config, const model_shape& shape);

} // namespace troupe::kernels
