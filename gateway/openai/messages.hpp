#pragma once

#include "gateway/openai/request.hpp"

#include <string_view>

namespace troupe::gateway::openai {

/// Messages as chat templates take them: contents as text, arguments of calls as objects, developers as the
/// system. Keys keep the order in which they came, for templates print them. `text` is the whole body.
void read_messages(fields& body, std::string_view text, chat_body& out);

/// `tools` and `tool_choice`.
void read_tools(fields& body, std::string_view text, chat_body& out);

} // namespace troupe::gateway::openai
