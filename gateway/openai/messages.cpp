#include "gateway/openai/messages.hpp"

#include "gateway/http/json_text.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace troupe::gateway::openai {

using nlohmann::json;
using ordered = nlohmann::ordered_json;

namespace {

constexpr std::size_t messages_max = 4'096;
constexpr std::size_t tools_max = 128;
constexpr std::array<std::string_view, 6> roles{"system",    "developer", "user",
                                                "assistant", "tool",      "function"};

std::string place(std::size_t index, std::string_view what) {
  return "messages[" + std::to_string(index) + "]." + std::string(what);
}

/// A text, or parts that are texts.
std::optional<std::string> text_of(const ordered& content) {
  if (content.is_string())
    return content.get<std::string>();
  if (!content.is_array())
    return std::nullopt;
  std::string all;
  for (const auto& part : content) {
    const auto type = part.is_object() ? part.value("type", std::string()) : std::string();
    const auto* name = type == "text" ? "text" : type == "refusal" ? "refusal" : nullptr;
    if (name == nullptr || !part.contains(name) || !part[name].is_string())
      return std::nullopt;
    all += part[name].get<std::string>();
  }
  return all;
}

/// Arguments come as JSON text; templates print objects.
bool open_arguments(ordered& calls) {
  if (!calls.is_array())
    return false;
  for (auto& call : calls) {
    if (!call.is_object() || !call.contains("function") || !call["function"].is_object())
      return false;
    auto& function = call["function"];
    if (!function.contains("name") || !function["name"].is_string())
      return false;
    const auto arguments = function.find("arguments");
    if (arguments == function.end() || !arguments->is_string())
      continue;
    auto inner = ordered::parse(arguments->get<std::string>(), nullptr, false);
    if (!inner.is_discarded())
      *arguments = std::move(inner);
  }
  return true;
}

struct complaint {
  std::string message;
  std::string field;
};

std::optional<complaint> mend(ordered& message, std::size_t index) {
  if (!message.is_object())
    return complaint{"each message is an object", "messages[" + std::to_string(index) + "]"};
  const auto role = message.contains("role") && message["role"].is_string()
                        ? message["role"].get<std::string>()
                        : std::string();
  if (std::ranges::find(roles, role) == roles.end())
    return complaint{"a message's role is system, developer, user, assistant, tool or function",
                     place(index, "role")};
  if (role == "developer")
    message["role"] = "system";
  const bool has_calls = message.contains("tool_calls") && !message["tool_calls"].is_null();
  if (has_calls && !open_arguments(message["tool_calls"]))
    return complaint{"tool calls are a list of {\"function\": {\"name\", \"arguments\"}}",
                     place(index, "tool_calls")};
  if (!message.contains("content") || message["content"].is_null()) {
    if (role != "assistant")
      return complaint{"the message has no content", place(index, "content")};
    message["content"] = "";
    return std::nullopt;
  }
  const auto text = text_of(message["content"]);
  if (!text)
    return complaint{"content is a text or a list of text parts; this model reads nothing else",
                     place(index, "content")};
  message["content"] = *text;
  return std::nullopt;
}

std::optional<std::string> tool_named(const json& choice) {
  if (!choice.is_object() || !choice.contains("function") || !choice["function"].is_object())
    return std::nullopt;
  const auto& name = choice["function"].value("name", json());
  return name.is_string() ? std::optional(name.get<std::string>()) : std::nullopt;
}

bool offers(const json& tools, const std::string& name) {
  return std::ranges::any_of(tools, [&](const json& tool) { return tool_named(tool) == name; });
}

/// What may be called. Arguments without a schema are any object.
void read_shapes(fields& body, const json& tools, chat_body& out) {
  for (std::size_t i = 0; i < tools.size(); ++i) {
    const auto& function = tools[i]["function"];
    const auto where = "tools[" + std::to_string(i) + "].function.";
    const auto parameters = function.value("parameters", json());
    const auto strict = function.value("strict", json());
    if (!parameters.is_null() && !parameters.is_object())
      body.note("the parameters of a tool are a JSON Schema", where + "parameters");
    if (!strict.is_null() && !strict.is_boolean())
      body.note("'strict' must be true or false", where + "strict");
    out.tools.push_back({function["name"].get<std::string>(),
                         parameters.is_object() ? json_text(parameters) : R"({"type":"object"})",
                         strict == true});
  }
}

void read_choice(fields& body, const json* tools, chat_body& out) {
  const auto* choice = body.take("tool_choice");
  if (choice == nullptr || *choice == "auto")
    return;
  if (*choice == "none") {
    out.talk.tools.clear();
    return;
  }
  const auto named = tool_named(*choice);
  if (*choice != "required" && !named)
    return body.note("'tool_choice' is none, auto, required or {\"type\": \"function\", \"function\": "
                     "{\"name\"}}",
                     "tool_choice");
  if (tools == nullptr || (named && !offers(*tools, *named)))
    return body.note("'tool_choice' asks for a tool that 'tools' does not list", "tool_choice");
  out.forces_tool = true;
  out.forced_tool = named.value_or("");
}

} // namespace

void read_messages(fields& body, std::string_view text, chat_body& out) {
  const auto* given = body.take("messages");
  if (given == nullptr || !given->is_array() || given->empty() || given->size() > messages_max)
    return body.note("'messages' must be a list of 1 to " + std::to_string(messages_max) + " messages",
                     "messages");
  out.messages = given->dump();
  auto messages = ordered::parse(text)["messages"]; // parsed once already, but keys lose their order there
  for (std::size_t i = 0; i < messages.size(); ++i)
    if (auto wrong = mend(messages[i], i))
      return body.note(std::move(wrong->message), wrong->field);
  out.talk.messages = messages.dump();
}

void read_tools(fields& body, std::string_view text, chat_body& out) {
  const auto* tools = body.take("tools");
  if (tools != nullptr) {
    const bool sound =
        tools->is_array() && tools->size() <= tools_max &&
        std::ranges::all_of(*tools, [](const json& tool) { return tool_named(tool).has_value(); });
    if (!sound)
      return body.note("'tools' must be a list of up to " + std::to_string(tools_max) +
                           " {\"type\": \"function\", \"function\": {\"name\", …}}",
                       "tools");
    read_shapes(body, *tools, out);
    if (!tools->empty())
      out.talk.tools = ordered::parse(text)["tools"].dump();
  }
  read_choice(body, tools, out);
  out.has_tools = !out.talk.tools.empty();
}

} // namespace troupe::gateway::openai
