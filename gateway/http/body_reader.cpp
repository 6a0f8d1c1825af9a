#include "gateway/http/body_reader.hpp"

#include "gateway/http/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

using nlohmann::json;

namespace {

std::string in_quotes(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  for (const auto& name : names)
    out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "no fields are taken here" : "known fields: " + out;
}

} // namespace

body_reader::body_reader(std::string_view text, const http_limits& limits)
    : body_(std::make_unique<json>(json::object())) {
  if (text.empty())
    return;
  auto parsed = parse_json(text, limits);
  if (!parsed)
    note(parsed.error());
  else if (!parsed->is_object())
    note(bad_request("the body must be a JSON object"));
  else
    *body_ = std::move(*parsed);
}

body_reader::~body_reader() = default;

void body_reader::note(api_error problem) {
  if (!problem_)
    problem_ = std::move(problem);
}

const json* body_reader::take(std::string_view name) {
  known_.emplace_back(name);
  auto found = body_->find(known_.back());
  return found == body_->end() ? nullptr : &*found;
}

std::string body_reader::text_of(const json& value, std::string_view name, std::size_t bytes_max) {
  if (!value.is_string()) {
    note(bad_request("the field " + in_quotes(name) + " must be a string", {}, std::string(name)));
    return {};
  }
  auto text = value.get<std::string>();
  if (text.size() <= bytes_max)
    return text;
  note(bad_request("the field " + in_quotes(name) + " is longer than " + std::to_string(bytes_max) + " bytes",
                   {}, std::string(name)));
  return {};
}

std::string body_reader::required_text(std::string_view name, std::size_t bytes_max) {
  const auto* value = take(name);
  if (!value) {
    note(bad_request("the field " + in_quotes(name) + " is missing", {}, std::string(name)));
    return {};
  }
  auto text = text_of(*value, name, bytes_max);
  if (text.empty())
    note(bad_request("the field " + in_quotes(name) + " is empty", {}, std::string(name)));
  return text;
}

std::string body_reader::optional_text(std::string_view name, std::size_t bytes_max) {
  const auto* value = take(name);
  return value ? text_of(*value, name, bytes_max) : std::string{};
}

std::optional<bool> body_reader::flag(std::string_view name) {
  const auto* value = take(name);
  if (!value)
    return std::nullopt;
  if (value->is_boolean())
    return value->get<bool>();
  note(bad_request("the field " + in_quotes(name) + " must be true or false", {}, std::string(name)));
  return std::nullopt;
}

std::string body_reader::value(std::string_view name) {
  const auto* value = take(name);
  return value ? json_text(*value) : "null";
}

std::optional<api_error> body_reader::finish() {
  for (const auto& [name, value] : body_->items())
    if (std::ranges::find(known_, name) == known_.end())
      note(bad_request("unknown field " + in_quotes(name), list_of(known_), name));
  return std::move(problem_);
}

} // namespace troupe::gateway
