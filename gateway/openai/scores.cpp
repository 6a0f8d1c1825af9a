#include "gateway/openai/scores.hpp"

#include <nlohmann/json.hpp>

namespace troupe::gateway::openai {

using nlohmann::json;

namespace {

json one_score(kernels::token_id token, float score, const kernels::tokenizer& words) {
  const auto bytes = words.bytes_of(token);
  auto values = json::array();
  for (const auto byte : bytes)
    values.push_back(static_cast<unsigned char>(byte));
  return {{"token", bytes}, {"logprob", score}, {"bytes", std::move(values)}};
}

} // namespace

json chat_scores(const std::vector<kernels::token_score>& scores, const kernels::tokenizer& words) {
  auto content = json::array();
  for (const auto& score : scores) {
    auto one = one_score(score.token, score.log_probability, words);
    one["top_logprobs"] = json::array();
    for (const auto& [token, other] : score.likeliest)
      one["top_logprobs"].push_back(one_score(token, other, words));
    content.push_back(std::move(one));
  }
  return {{"content", std::move(content)}, {"refusal", nullptr}};
}

json completion_scores(const std::vector<kernels::token_score>& scores, const kernels::tokenizer& words,
                       std::size_t offset) {
  json all{{"tokens", json::array()},
           {"token_logprobs", json::array()},
           {"top_logprobs", json::array()},
           {"text_offset", json::array()}};
  for (const auto& score : scores) {
    const auto bytes = words.bytes_of(score.token);
    auto likeliest = json::object();
    for (const auto& [token, other] : score.likeliest)
      likeliest[words.bytes_of(token)] = other;
    all["tokens"].push_back(bytes);
    all["token_logprobs"].push_back(score.log_probability);
    all["top_logprobs"].push_back(std::move(likeliest));
    all["text_offset"].push_back(offset);
    offset += bytes.size();
  }
  return all;
}

json usage_of(const std::vector<kernels::text_usage>& texts, std::size_t choices) {
  std::uint64_t prompt = 0;
  std::uint64_t cached = 0;
  std::uint64_t completion = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i % choices == 0) {
      prompt += texts[i].prompt;
      cached += texts[i].cached;
    }
    completion += texts[i].completion;
  }
  return {{"prompt_tokens", prompt},
          {"completion_tokens", completion},
          {"total_tokens", prompt + completion},
          {"prompt_tokens_details", {{"cached_tokens", cached}, {"audio_tokens", 0}}},
          {"completion_tokens_details", {{"reasoning_tokens", 0}, {"audio_tokens", 0}}}};
}

const char* finish_name(kernels::text_finish why) {
  return why == kernels::text_finish::length ? "length" : "stop";
}

} // namespace troupe::gateway::openai
