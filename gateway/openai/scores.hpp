#pragma once

#include "kernels/serving/request.hpp"
#include "kernels/tokenizer/tokenizer.hpp"

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace troupe::gateway::openai {

/// Log-probabilities as chat completions show them.
nlohmann::json chat_scores(const std::vector<kernels::token_score>& scores, const kernels::tokenizer& words);

/// As text completions show them; the first token begins at `offset` of the text.
nlohmann::json completion_scores(const std::vector<kernels::token_score>& scores,
                                 const kernels::tokenizer& words, std::size_t offset);

/// What all texts of one request took; `choices` texts share a prompt.
nlohmann::json usage_of(const std::vector<kernels::text_usage>& texts, std::size_t choices);

const char* finish_name(kernels::text_finish why);

} // namespace troupe::gateway::openai
