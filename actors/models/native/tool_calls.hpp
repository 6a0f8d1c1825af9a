#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

/// How a model writes that it wants a tool called. Its chat template shows which way it was taught.
enum class tool_style : unsigned char {
  none,
  tagged,     // <tool_call>{"name", "arguments"}</tool_call>: Hermes, Qwen
  listed,     // [TOOL_CALLS][{"name", "arguments"}, …]: Mistral
  functools,  // functools[{"name", "arguments"}, …]: Phi-4-mini
  parameters, // {"name", "parameters"}, perhaps behind <|python_tag|>: Llama 3.1
};
tool_style tool_style_of(std::string_view chat_template) noexcept;

struct tool_call {
  std::string name;
  std::string arguments; // JSON text of an object

  bool operator==(const tool_call&) const = default;
};

struct tool_reply {
  std::string text; // without what were calls
  std::vector<tool_call> calls;
};

/// What a model wrote, with its calls taken out. What looks like a call but is none stays text.
tool_reply read_tool_reply(std::string_view written, tool_style style);

/// What a reply that has to call a tool begins with; the name is open if `tool` is empty.
std::string tool_call_begin(tool_style style, std::string_view tool);

/// Where in a text that is still being written a call may have begun; its size if nowhere. What stands before
/// can be shown already.
std::size_t tool_call_may_begin(std::string_view written, tool_style style);

} // namespace troupe::models
