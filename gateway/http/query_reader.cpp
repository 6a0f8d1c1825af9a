#include "gateway/http/query_reader.hpp"

#include <algorithm>
#include <charconv>

namespace troupe::gateway {

namespace {

api_error wrong(std::string_view name, const std::string& expected) {
  return bad_request("the parameter \"" + std::string(name) + "\" must be " + expected, {},
                     std::string(name));
}

template<class Number>
std::optional<Number> whole(std::string_view text) {
  Number value{};
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// Decimal seconds to milliseconds without floating point: "1.5" is exactly 1500.
std::optional<std::int64_t> decimal_ms(std::string_view text) {
  auto point = text.find('.');
  auto seconds = whole<std::uint32_t>(text.substr(0, point));
  if (!seconds)
    return std::nullopt;
  if (point == text.npos)
    return std::int64_t{*seconds} * 1000;
  auto fraction = std::string(text.substr(point + 1));
  if (fraction.empty() || fraction.size() > 3)
    return std::nullopt;
  fraction.resize(3, '0');
  auto ms = whole<std::uint32_t>(fraction);
  if (!ms)
    return std::nullopt;
  return std::int64_t{*seconds} * 1000 + *ms;
}

} // namespace

std::optional<std::string_view> query_reader::take(std::string_view name) {
  known_.emplace_back(name);
  return find_value(query_, name);
}

void query_reader::note(api_error problem) {
  if (!problem_)
    problem_ = std::move(problem);
}

std::string query_reader::text(std::string_view name, std::size_t bytes_max) {
  auto value = take(name);
  if (!value)
    return {};
  if (value->size() > bytes_max)
    note(wrong(name, "at most " + std::to_string(bytes_max) + " bytes long"));
  return std::string(*value);
}

std::size_t query_reader::count(std::string_view name, std::size_t otherwise, std::size_t most) {
  auto value = take(name);
  if (!value)
    return otherwise;
  auto number = whole<std::size_t>(*value);
  if (!number || *number == 0 || *number > most) {
    note(wrong(name, "a whole number from 1 to " + std::to_string(most)));
    return otherwise;
  }
  return *number;
}

std::chrono::milliseconds query_reader::seconds(std::string_view name, std::chrono::milliseconds most) {
  auto value = take(name);
  if (!value)
    return {};
  auto ms = decimal_ms(*value);
  if (ms && *ms <= most.count())
    return std::chrono::milliseconds(*ms);
  note(wrong(name, "a number of seconds from 0 to " + std::to_string(most.count() / 1000)));
  return {};
}

std::optional<api_error> query_reader::finish() {
  for (const auto& [name, value] : query_)
    if (std::ranges::find(known_, name) == known_.end())
      note(bad_request("unknown parameter \"" + name + "\"", "see /docs for what this route takes", name));
  return std::move(problem_);
}

} // namespace troupe::gateway
