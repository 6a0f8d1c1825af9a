#pragma once

#include "kernels/tokenizer/decoding.hpp"
#include "kernels/tokenizer/steps.hpp"

#include <nlohmann/json_fwd.hpp>

namespace troupe::kernels {

/// What tokenizer.json says under normalizer, pre_tokenizer and decoder; null and absence are no steps.
result<std::vector<text_step>> read_normalizer(const nlohmann::json& from);
result<std::vector<split_step>> read_pre_tokenizer(const nlohmann::json& from);
result<decoding> read_decoder(const nlohmann::json& from);

/// Sequences within sequences: published files nest once.
inline constexpr std::size_t step_nesting_max = 8;

} // namespace troupe::kernels
