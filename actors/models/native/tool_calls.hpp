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

/// A tool that may be called.
struct tool_shape {
  std::string name;
  std::string parameters; // JSON Schema of its arguments
  bool strict = false;    // they fit it whenever it is called
};

/// What opens calls; empty if the model has no way to call.
std::string_view call_mark(tool_style style) noexcept;

/// A JSON Schema of what stands behind the mark: calls of these tools, as many at most where the style has a
/// list of them.
std::string calls_schema(tool_style style, const std::vector<tool_shape>& tools, std::size_t calls_most);

/// A reply that has to be a call: what stands before and behind what the model writes, and what that has to
/// fit.
struct forced_call {
  std::string begin;
  std::string schema;
  std::string end;
};

/// A call of the tool named; of any of them, or of several, if `tool` is empty.
forced_call force_call(tool_style style, const std::vector<tool_shape>& tools, std::string_view tool,
                       std::size_t calls_most);

/// Where in a text that is still being written a call may have begun; its size if nowhere. What stands before
/// can be shown already.
std::size_t tool_call_may_begin(std::string_view written, tool_style style);

} // namespace troupe::models
