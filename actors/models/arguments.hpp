#pragma once

#include "actors/models/chat.hpp"
#include "actors/models/json_text.hpp"

#include <string>
#include <string_view>

namespace troupe::models {

/// The bodies of the effects `model.generate` and `model.embed`, as the journal holds them: JSON text with
/// sorted keys, equal for equal requests. The model is not among them: the segment in the effect's target
/// chooses it.
///
///   generate: {"messages": [{"role", "content"}], "temperature"?, "max_tokens"?, "stop"?, "stream"?,
///              "adapter"?, "format"?: {"name", "schema"}}           → {"text", "finish"}
///   embed:    {"inputs": ["…"], "dimensions"?}                      → {"vectors": [[…]]}
std::string generate_arguments(const chat_request& request);
std::string embed_arguments(const embed_request& request);

/// Fails with one sentence about the first thing that is wrong.
result<chat_request> read_generate_arguments(std::string_view body);
result<embed_request> read_embed_arguments(std::string_view body);

std::string generate_result(const chat_reply& reply);
std::string embed_result(const embed_reply& reply);

/// The text in a generate result.
result<std::string> read_generate_result(std::string_view body);

} // namespace troupe::models
