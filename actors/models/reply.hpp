#pragma once

#include "actors/models/chat.hpp"
#include "actors/models/json_text.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::models {

/// Finds the JSON document in what a model wrote: the whole text, a fenced block, or the longest document
/// between words. Thoughts before a closing `</think>` are passed over. Never throws; the error says what is
/// missing.
result<json> extract_json(std::string_view reply);

/// What to say to a model whose answer was no good.
chat_message repair_request(std::string_view what_is_wrong);

} // namespace troupe::models
