#pragma once

#include "cli/invocation.hpp"
#include "kernels/adapters/adapter.hpp"
#include "kernels/base/token_id.hpp"
#include "kernels/engine/text_batch.hpp"
#include "kernels/model/weights.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::cli {

/// A model and the adapters that a command named, one for each name; "none" is the base model alone (null).
struct loaded_model {
  std::shared_ptr<const kernels::model_weights> model;
  std::vector<std::shared_ptr<const kernels::adapter>> adapters;
};

/// Loads both; refused with the sum when they and so many cached positions do not fit in memory.
result<loaded_model> load(const invocation& run, const std::string& model,
                          const std::vector<std::string>& adapters, std::uint64_t positions);

/// "1,2,3", with blanks and brackets if one likes, or @file with the same.
result<std::vector<kernels::token_id>> read_tokens(const invocation& run, const std::string& given);

/// "f32" or "serving".
kernels::precision precision_of(const std::string& name);

} // namespace troupe::cli
