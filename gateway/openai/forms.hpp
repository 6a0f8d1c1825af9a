#pragma once

#include "gateway/openai/request.hpp"
#include "gateway/openai/texts_under_way.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace troupe::gateway::openai {

/// What all answers to one request say.
struct answer_head {
  std::string id;
  std::int64_t created = 0; // seconds
  std::string model;
  bool stream_usage = false;
};

/// Chat completions. With tools, what may be a call is held back until it is known to be one or not.
std::shared_ptr<text_form> chat_form(answer_head head, const chat_body& asked,
                                     const models::native_model& model);

/// Text completions; texts come in the order of prompts, `choices` for each.
std::shared_ptr<text_form> completion_form(answer_head head, const completion_body& asked,
                                           std::vector<std::string> echoes,
                                           const models::native_model& model);

/// Embeddings, one for each text.
std::shared_ptr<text_form> embedding_form(std::string model, bool base64);

} // namespace troupe::gateway::openai
