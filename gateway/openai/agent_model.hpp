#pragma once

#include "gateway/api/routes.hpp"
#include "gateway/openai/forms.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace troupe::gateway::openai {

inline constexpr std::string_view agent_prefix = "agent/";
/// What an agent that talks has a handler for: {"messages": […], "text": the last one's} in, words out.
inline constexpr std::string_view chat_handler = "chat";

/// Kinds that talk.
std::vector<std::string> talking_kinds(const route_context& context);

/// Asks agent/KIND; its key is the body's `user`, or `default`. Its answer is one piece.
void ask_agent(const route_context& context, const answer_head& head, const chat_body& asked,
               const std::string& correlation, responder done);

} // namespace troupe::gateway::openai
