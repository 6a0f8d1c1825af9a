#include "gateway/http/message.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <array>

namespace troupe::gateway {

namespace {

struct method_name {
  http_method method;
  std::string_view name;
};

constexpr std::array<method_name, 7> method_names{{
    {http_method::get, "GET"},
    {http_method::head, "HEAD"},
    {http_method::post, "POST"},
    {http_method::put, "PUT"},
    {http_method::patch, "PATCH"},
    {http_method::del, "DELETE"},
    {http_method::options, "OPTIONS"},
}};

} // namespace

std::string_view to_string(http_method m) noexcept {
  for (const auto& known : method_names)
    if (known.method == m)
      return known.name;
  return "OTHER";
}

http_method method_named(std::string_view name) noexcept {
  for (const auto& known : method_names)
    if (known.name == name)
      return known.method;
  return http_method::other;
}

std::optional<std::string_view> find_value(const named_values& values, std::string_view name) noexcept {
  auto found = std::ranges::find(values, name, &std::pair<std::string, std::string>::first);
  if (found == values.end())
    return std::nullopt;
  return found->second;
}

const std::string& http_request::param(std::string_view name) const {
  auto found = std::ranges::find(params, name, &std::pair<std::string, std::string>::first);
  ensure(found != params.end(), "a handler asks only for parameters of its own path template");
  return found->second;
}

std::string_view http_request::header(std::string_view name) const {
  return find_value(headers, name).value_or(std::string_view{});
}

} // namespace troupe::gateway
