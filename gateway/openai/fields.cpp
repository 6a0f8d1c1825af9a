#include "gateway/openai/fields.hpp"

#include "gateway/http/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace troupe::gateway::openai {

using nlohmann::json;

namespace {

std::string in_marks(std::string_view name) { return "'" + std::string(name) + "'"; }

std::string_view type_of(unsigned status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 403:
    return "permission_error";
  case 404:
    return "not_found_error";
  case 429:
    return "rate_limit_error";
  default:
    return status >= 500 ? "server_error" : "invalid_request_error";
  }
}

json body_of(const api_error& why) {
  json inner{{"message", why.message},
             {"type", type_of(why.status)},
             {"param", why.field.empty() ? json() : json(why.field)},
             {"code", why.code},
             {"hint", why.hint}};
  return {{"error", std::move(inner)}};
}

} // namespace

fields::fields(std::string_view body, const http_limits& limits)
    : body_(std::make_unique<json>(json::object())) {
  auto parsed = parse_json(body, limits);
  if (!parsed)
    problem_ = parsed.error();
  else if (!parsed->is_object())
    problem_ = bad_request("the body must be a JSON object");
  else
    *body_ = std::move(*parsed);
}

fields::~fields() = default;

void fields::note(std::string message, std::string_view field) {
  if (!problem_)
    problem_ = bad_request(std::move(message), {}, std::string(field));
}

const json* fields::take(std::string_view name) {
  known_.emplace_back(name);
  const auto found = body_->find(known_.back());
  return found == body_->end() || found->is_null() ? nullptr : &*found;
}

std::string fields::text(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr)
    return {};
  if (!value->is_string())
    note(in_marks(name) + " must be a string", name);
  return value->is_string() ? value->get<std::string>() : std::string();
}

std::string fields::required_text(std::string_view name) {
  auto value = text(name);
  if (value.empty())
    note("you must provide " + in_marks(name), name);
  return value;
}

std::optional<double> fields::number(std::string_view name, double least, double most) {
  const auto* value = take(name);
  if (value == nullptr)
    return std::nullopt;
  if (value->is_number() && value->get<double>() >= least && value->get<double>() <= most)
    return value->get<double>();
  note(in_marks(name) + " must be a number from " + json(least).dump() + " to " + json(most).dump(), name);
  return std::nullopt;
}

std::optional<std::int64_t> fields::whole(std::string_view name, std::int64_t least, std::int64_t most) {
  const auto* value = take(name);
  if (value == nullptr)
    return std::nullopt;
  const bool fits = value->is_number_unsigned()
                        ? most >= 0 && value->get<std::uint64_t>() <= static_cast<std::uint64_t>(most) &&
                              (least <= 0 || value->get<std::uint64_t>() >= static_cast<std::uint64_t>(least))
                        : value->is_number_integer() && value->get<std::int64_t>() >= least &&
                              value->get<std::int64_t>() <= most;
  if (fits)
    return value->get<std::int64_t>();
  note(in_marks(name) + " must be a whole number from " + std::to_string(least) + " to " +
           std::to_string(most),
       name);
  return std::nullopt;
}

bool fields::flag(std::string_view name) {
  const auto* value = take(name);
  if (value == nullptr)
    return false;
  if (!value->is_boolean())
    note(in_marks(name) + " must be true or false", name);
  return value->is_boolean() && value->get<bool>();
}

std::vector<std::string> fields::texts(std::string_view name, std::size_t most) {
  const auto* value = take(name);
  if (value == nullptr)
    return {};
  const auto list = value->is_array() ? *value : json::array({*value});
  std::vector<std::string> all;
  for (const auto& item : list)
    if (item.is_string())
      all.push_back(item.get<std::string>());
  if (all.size() != list.size() || all.size() > most)
    note(in_marks(name) + " must be a string or up to " + std::to_string(most) + " of them", name);
  return all;
}

void fields::pass_over(std::initializer_list<std::string_view> names) {
  known_.insert(known_.end(), names.begin(), names.end());
}

std::optional<api_error> fields::finish() {
  for (const auto& [name, value] : body_->items())
    if (std::ranges::find(known_, name) == known_.end())
      note("unknown field " + in_marks(name), name);
  return std::move(problem_);
}

std::string failure_text(const api_error& why) { return json_text(body_of(why)); }

http_response failure(const api_error& why) {
  auto response = error_response(why); // its headers
  response.body = failure_text(why);
  return response;
}

http_response failure(const error& why) { return failure(to_api_error(why)); }

} // namespace troupe::gateway::openai
