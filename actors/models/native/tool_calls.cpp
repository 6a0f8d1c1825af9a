#include "actors/models/native/tool_calls.hpp"

#include "actors/models/json_text.hpp"
#include "actors/models/limits.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

namespace troupe::models {

namespace {

constexpr std::string_view call_open = "<tool_call>";
constexpr std::string_view call_close = "</tool_call>";
constexpr std::string_view mistral_open = "[TOOL_CALLS]";
constexpr std::string_view functools_open = "functools";
constexpr std::string_view python_open = "<|python_tag|>";
constexpr std::size_t calls_max = 128;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<tool_call> read_call(const json& from) {
  if (!from.is_object())
    return std::nullopt;
  const auto name = from.find("name");
  auto arguments = from.find("arguments");
  if (arguments == from.end())
    arguments = from.find("parameters");
  if (name == from.end() || !name->is_string() || arguments == from.end())
    return std::nullopt;
  if (arguments->is_string()) { // some write the object as text once more
    const auto inner = parse_json(arguments->get<std::string>(), limits::reply_bytes, "arguments");
    if (!inner || !inner->is_object())
      return std::nullopt;
    return tool_call{name->get<std::string>(), dump_json(*inner)};
  }
  if (!arguments->is_object())
    return std::nullopt;
  return tool_call{name->get<std::string>(), dump_json(*arguments)};
}

/// All or nothing: a list with something else in it is no list of calls.
std::vector<tool_call> read_calls(std::string_view text) {
  std::vector<tool_call> calls;
  const auto document = parse_json(trimmed(text), limits::reply_bytes, "a tool call");
  if (!document)
    return calls;
  const auto items = document->is_array() ? *document : json::array({*document});
  for (const auto& item : items) {
    auto call = read_call(item);
    if (!call || calls.size() == calls_max)
      return {};
    calls.push_back(std::move(*call));
  }
  return calls;
}

tool_reply read_tagged(std::string_view written) {
  tool_reply reply;
  while (true) {
    const auto open = written.find(call_open);
    if (open == std::string_view::npos)
      break;
    const auto inside = written.substr(open + call_open.size());
    const auto close = inside.find(call_close);
    const auto end = std::min(close, inside.find(call_open)); // small models forget to close
    const auto calls = read_calls(inside.substr(0, end));     // and the last one may be cut
    if (calls.empty() || reply.calls.size() + calls.size() > calls_max)
      break;
    reply.text += written.substr(0, open);
    reply.calls.insert(reply.calls.end(), calls.begin(), calls.end());
    written = end == std::string_view::npos ? std::string_view()
                                            : inside.substr(end == close ? end + call_close.size() : end);
  }
  reply.text += written;
  return reply;
}

tool_reply read_listed(std::string_view written, std::string_view open) {
  const auto at = written.find(open);
  if (at == std::string_view::npos)
    return {std::string(written), {}};
  auto calls = read_calls(written.substr(at + open.size()));
  if (calls.empty())
    return {std::string(written), {}};
  return {std::string(written.substr(0, at)), std::move(calls)};
}

tool_reply read_parameters(std::string_view written) {
  auto text = trimmed(written);
  if (text.starts_with(python_open))
    text.remove_prefix(python_open.size());
  auto calls = text.starts_with('{') ? read_calls(text) : std::vector<tool_call>();
  if (calls.empty())
    return {std::string(written), {}};
  return {{}, std::move(calls)};
}

std::string_view opening_of(tool_style style) {
  switch (style) {
  case tool_style::tagged:
    return call_open;
  case tool_style::listed:
    return mistral_open;
  case tool_style::functools:
    return functools_open;
  case tool_style::parameters:
  case tool_style::none:
    break;
  }
  return {};
}

} // namespace

tool_style tool_style_of(std::string_view chat_template) noexcept {
  const auto shows = [&](std::string_view what) {
    return chat_template.find(what) != std::string_view::npos;
  };
  if (shows(call_open))
    return tool_style::tagged;
  if (shows(mistral_open))
    return tool_style::listed;
  if (shows("functools["))
    return tool_style::functools;
  if (shows("\"parameters\"") || shows(python_open))
    return tool_style::parameters;
  return tool_style::none;
}

tool_reply read_tool_reply(std::string_view written, tool_style style) {
  tool_reply reply{std::string(written), {}};
  if (style == tool_style::tagged)
    reply = read_tagged(written);
  else if (style == tool_style::listed || style == tool_style::functools)
    reply = read_listed(written, opening_of(style));
  else if (style == tool_style::parameters)
    reply = read_parameters(written);
  if (!reply.calls.empty())
    reply.text = trimmed(reply.text);
  return reply;
}

namespace {

bool has_list(tool_style style) { return style == tool_style::listed || style == tool_style::functools; }

const char* arguments_name(tool_style style) {
  return style == tool_style::parameters ? "parameters" : "arguments";
}

/// Parameters keep their own document: what they refer to with "#/…" is in there.
json shape_of_call(const tool_shape& tool, const char* arguments, std::size_t number) {
  auto parameters = json::parse(tool.parameters, nullptr, false);
  if (parameters.is_object() && !parameters.contains("$id"))
    parameters["$id"] = "tool:" + std::to_string(number);
  return {{"type", "object"},
          {"properties", {{"name", {{"const", tool.name}}}, {arguments, std::move(parameters)}}},
          {"required", {"name", arguments}},
          {"additionalProperties", false}};
}

} // namespace

std::string_view call_mark(tool_style style) noexcept {
  return style == tool_style::parameters ? python_open : opening_of(style);
}

std::string calls_schema(tool_style style, const std::vector<tool_shape>& tools, std::size_t calls_most) {
  json calls{{"anyOf", json::array()}};
  for (const auto& one : tools)
    calls["anyOf"].push_back(shape_of_call(one, arguments_name(style), calls["anyOf"].size()));
  if (has_list(style))
    calls = {{"type", "array"}, {"items", std::move(calls)}, {"minItems", 1}, {"maxItems", calls_most}};
  return dump_json(calls);
}

forced_call force_call(tool_style style, const std::vector<tool_shape>& tools, std::string_view tool,
                       std::size_t calls_most) {
  auto begin = std::string(opening_of(style)) + (style == tool_style::tagged ? "\n" : "");
  if (tool.empty())
    return {std::move(begin), calls_schema(style, tools, calls_most), ""};
  const auto named = std::ranges::find(tools, tool, &tool_shape::name);
  ensure(named != tools.end(), "a tool that is asked for is there");
  begin += std::string(has_list(style) ? "[" : "") + R"({"name": )" + dump_json(named->name) + ", \"" +
           arguments_name(style) + "\":";
  return {std::move(begin), named->parameters, has_list(style) ? "}]" : "}"};
}

std::size_t tool_call_may_begin(std::string_view written, tool_style style) {
  if (style == tool_style::none)
    return written.size();
  if (style == tool_style::parameters) { // it is the whole reply, or none
    const auto text = trimmed(written);
    const bool maybe =
        text.empty() || text.front() == '{' || python_open.starts_with(text) || text.starts_with(python_open);
    return maybe ? 0 : written.size();
  }
  const auto open = opening_of(style);
  if (const auto at = written.find(open); at != std::string_view::npos)
    return at;
  for (auto length = std::min(open.size() - 1, written.size()); length > 0; --length)
    if (written.ends_with(open.substr(0, length)))
      return written.size() - length;
  return written.size();
}

} // namespace troupe::models
