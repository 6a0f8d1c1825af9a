#include "config/settings/setting.hpp"

#include "config/settings/units.hpp"

#include <algorithm>

namespace troupe::config {

const setting* find_setting(std::span<const setting> table, std::string_view key) noexcept {
  const auto found = std::find_if(table.begin(), table.end(), [=](const setting& s) { return s.key == key; });
  return found == table.end() ? nullptr : &*found;
}

std::string environment_name(std::string_view key) {
  // What other programs call it: the stores of a cluster are told to many in one breath.
  if (key == "storage.postgres")
    return "TROUPE_POSTGRES";
  std::string name = "TROUPE_";
  for (const char c : key)
    name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return name;
}

std::string_view to_string(value_type type) noexcept {
  switch (type) {
  case value_type::text:
    return "text";
  case value_type::path:
    return "path";
  case value_type::url:
    return "URL";
  case value_type::name:
    return "name";
  case value_type::boolean:
    return "boolean";
  case value_type::count:
    return "count";
  case value_type::duration:
    return "duration";
  case value_type::size:
    return "size";
  case value_type::choice:
    return "choice";
  }
  return "value";
}

std::vector<std::string_view> choices_of(const setting& of) {
  std::vector<std::string_view> choices;
  std::string_view rest = of.choices;
  while (!rest.empty()) {
    const std::size_t bar = std::min(rest.find('|'), rest.size());
    choices.push_back(rest.substr(0, bar));
    rest.remove_prefix(std::min(bar + 1, rest.size()));
  }
  return choices;
}

std::string describe_bounds(const setting& of) {
  switch (of.type) {
  case value_type::count:
    return std::to_string(of.least) + " to " + std::to_string(of.most) +
           (of.unit.empty() ? "" : " " + std::string(of.unit));
  case value_type::duration:
    return format_duration(std::chrono::milliseconds(of.least)) + " to " +
           format_duration(std::chrono::milliseconds(of.most));
  case value_type::size:
    return format_size(of.least) + " to " + format_size(of.most);
  case value_type::boolean:
    return "true or false";
  case value_type::choice: {
    std::string listed;
    for (const std::string_view choice : choices_of(of))
      listed += (listed.empty() ? "" : ", ") + std::string(choice);
    return listed;
  }
  default:
    return {};
  }
}

} // namespace troupe::config
