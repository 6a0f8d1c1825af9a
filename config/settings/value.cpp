#include "config/settings/value.hpp"

#include "config/diagnostic/suggestion.hpp"
#include "config/limits.hpp"
#include "config/settings/units.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

result<std::int64_t> within_bounds(const setting& of, std::int64_t value) {
  if (value >= of.least && value <= of.most)
    return value;
  return fail(fault::refused, "the value is out of bounds", "allowed: " + describe_bounds(of));
}

result<setting_value> parse_choice(const setting& of, std::string_view text) {
  const auto choices = choices_of(of);
  if (std::find(choices.begin(), choices.end(), text) != choices.end())
    return setting_value(std::string(text));
  const std::string meant = did_you_mean(text, choices);
  return fail(fault::invalid, "\"" + std::string(text) + "\" is none of " + describe_bounds(of), meant);
}

result<setting_value> parse_boolean(std::string_view text) {
  if (text == "true" || text == "false")
    return setting_value(text == "true");
  return fail(fault::invalid, "\"" + std::string(text) + "\" is neither true nor false",
              "write true or false");
}

result<setting_value> parse_url(std::string_view text) {
  const std::string_view after = text.starts_with("https://")  ? text.substr(8)
                                 : text.starts_with("http://") ? text.substr(7)
                                                               : std::string_view();
  const std::string_view host = after.substr(0, after.find_first_of("/?#"));
  if (host.find('@') != std::string_view::npos)
    return fail(fault::invalid, "the URL carries credentials", "give the key by key_env or key_file instead");
  if (host.empty() || text.find_first_of(" \t\r\n") != std::string_view::npos)
    return fail(fault::invalid, "\"" + std::string(text) + "\" is no http or https URL",
                "write it like https://host/v1");
  return setting_value(std::string(text));
}

result<setting_value> parse_name(std::string_view text) {
  constexpr std::string_view allowed = "abcdefghijklmnopqrstuvwxyz0123456789-";
  const bool fits = !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
                    text.find_first_not_of(allowed) == std::string_view::npos;
  if (fits)
    return setting_value(std::string(text));
  return fail(fault::invalid, "\"" + std::string(text) + "\" is no name",
              "use 1 to 63 of a-z, 0-9 and -, the first and last not -");
}

result<setting_value> parse_bounded(const setting& of, result<std::int64_t> parsed) {
  return parsed.and_then([&](std::int64_t value) { return within_bounds(of, value); })
      .map([](std::int64_t value) { return setting_value(value); });
}

result<setting_value> parse_typed(const setting& of, std::string_view text) {
  switch (of.type) {
  case value_type::boolean:
    return parse_boolean(text);
  case value_type::count:
    return parse_bounded(of, parse_count(text));
  case value_type::size:
    return parse_bounded(of, parse_size(text));
  case value_type::duration:
    return parse_duration(text)
        .and_then([&](std::chrono::milliseconds span) { return within_bounds(of, span.count()); })
        .map([](std::int64_t ms) { return setting_value(std::chrono::milliseconds(ms)); });
  case value_type::choice:
    return parse_choice(of, text);
  case value_type::url:
    return parse_url(text);
  case value_type::name:
    return parse_name(text);
  case value_type::text:
  case value_type::path:
    break;
  }
  return setting_value(std::string(text));
}

} // namespace

result<setting_value> parse_value(const setting& of, std::string_view text) {
  if (text.size() > limits::setting_bytes_max)
    return fail(fault::refused,
                "the value is longer than " + std::to_string(limits::setting_bytes_max) + " bytes");
  if (text.find('\0') != std::string_view::npos || text.find('\n') != std::string_view::npos)
    return fail(fault::invalid, "the value runs over several lines", "write it on one");
  auto parsed = parse_typed(of, text);
  if (!parsed && of.secret)
    return fail(parsed.error().what, "the value is not valid", describe_bounds(of));
  return parsed;
}

std::string format_value(const setting& of, const setting_value& value) {
  if (const auto* words = std::get_if<std::string>(&value))
    return *words;
  if (const auto* truth = std::get_if<bool>(&value))
    return *truth ? "true" : "false";
  if (const auto* span = std::get_if<std::chrono::milliseconds>(&value))
    return format_duration(*span);
  const std::int64_t whole = std::get<std::int64_t>(value);
  return of.type == value_type::size ? format_size(whole) : std::to_string(whole);
}

std::string show_value(const setting& of, const setting_value& value) {
  const std::string text = format_value(of, value);
  return of.secret && !text.empty() ? "********" : text;
}

} // namespace troupe::config
