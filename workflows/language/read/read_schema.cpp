#include "workflows/language/read/read_schema.hpp"

#include "config/diagnostic/suggestion.hpp"
#include "workflows/language/codes/codes.hpp"

#include <charconv>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

std::optional<node> step_down(const node& at, const std::string& part) {
  if (at.is(node_kind::map))
    return at.find(part);
  std::size_t index = 0;
  const auto [end, failure] = std::from_chars(part.data(), part.data() + part.size(), index);
  const bool number = failure == std::errc{} && end == part.data() + part.size();
  return at.is(node_kind::list) && number && index < at.size() ? std::optional(at.item(index)) : std::nullopt;
}

std::vector<std::string> parts_of(std::string_view pointer) {
  std::vector<std::string> parts;
  for (const char c : pointer) {
    if (c == '/')
      parts.emplace_back();
    else if (!parts.empty())
      parts.back() += c;
  }
  for (std::string& part : parts)
    for (std::size_t i = part.find('~'); i != std::string::npos; i = part.find('~', i + 1))
      part.replace(i, 2, part.substr(i, 2) == "~1" ? "/" : "~");
  return parts;
}

// The part of the file that a pointer names, as near as it leads.
node place_of(const node& at, const std::optional<node>& definitions, const std::string& pointer) {
  auto parts = parts_of(pointer);
  node found = at;
  if (!parts.empty() && parts.front() == "$defs" && definitions) {
    found = *definitions;
    parts.erase(parts.begin());
  }
  for (const std::string& part : parts) {
    const auto next = step_down(found, part);
    if (!next)
      break;
    found = *next;
  }
  if (found.is(node_kind::map))
    for (const auto& e : found.entries())
      if (e.key.text() == "$ref")
        return e.value;
  return found;
}

// Its `$defs` are the file's, unless it brings its own.
std::string schema_text(const node& at, const std::string& own, const std::optional<node>& definitions,
                        bool object_implied) {
  std::string head;
  if (definitions && !at.find("$defs"))
    if (const auto shared = config::to_json(*definitions))
      head += "\"$defs\":" + *shared + ",";
  if (object_implied && !at.find("type"))
    head += "\"type\":\"object\",";
  if (at.size() == 0 && !head.empty())
    head.pop_back();
  return "{" + head + own.substr(1);
}

std::string hint_for(const node& at, const std::optional<node>& definitions, const error& refused) {
  constexpr std::string_view local = "#/$defs/";
  if (!definitions || !definitions->is(node_kind::map) || !at.is(node_kind::text) ||
      !at.text().starts_with(local))
    return refused.hint;
  const auto near = config::nearest(at.text().substr(local.size()), definitions->keys());
  return near ? "did you mean " + std::string(local) + std::string(*near) + "?" : refused.hint;
}

} // namespace

std::shared_ptr<const schema> read_schema(const node& at, const std::optional<node>& definitions,
                                          bool object_implied, reporter& to) {
  const auto own = config::to_json(at);
  if (!own) {
    to.reject(at, codes::bad_schema, own.error().message, own.error().hint);
    return nullptr;
  }
  std::string pointer;
  const std::string text = at.is(node_kind::map) ? schema_text(at, *own, definitions, object_implied) : *own;
  auto compiled = schema::compile(text, &pointer);
  if (compiled)
    return *compiled;
  const node where = place_of(at, definitions, pointer);
  to.reject(where, codes::bad_schema, compiled.error().message,
            hint_for(where, definitions, compiled.error()));
  return nullptr;
}

} // namespace troupe::workflow
