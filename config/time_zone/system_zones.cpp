#include "config/time_zone/system_zones.hpp"

#include "config/diagnostic/suggestion.hpp"
#include "config/limits.hpp"
#include "config/time_zone/tzif.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

namespace troupe::time_zone {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Europe/Paris, Etc/GMT+5: words that are no way out of the folder.
bool is_zone_name(std::string_view name) {
  const auto in_name = [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+' || c == '/';
  };
  return !name.empty() && name.size() <= limits::suggestion_bytes_max && is_letter(name.front()) &&
         std::ranges::all_of(name, in_name);
}

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return file ? std::move(text).str() : std::string();
}

} // namespace

system_zones::system_zones(std::string folder)
    : folder_(std::move(folder)) {}

result<std::shared_ptr<const zone>> system_zones::find(std::string_view name) const {
  const std::lock_guard lock(guard_);
  const auto known = read_.find(name);
  if (known != read_.end())
    return known->second;
  auto found = read(name);
  if (found)
    read_.emplace(name, *found);
  return found;
}

result<std::shared_ptr<const zone>> system_zones::read(std::string_view name) const {
  const std::string bytes = is_zone_name(name) ? contents(folder_ + "/" + std::string(name)) : "";
  if (!bytes.starts_with("TZif"))
    return fail(fault::not_found,
                "there is no time zone \"" + std::string(name.substr(0, limits::suggestion_bytes_max)) + "\"",
                hint(name));
  auto made = tzif_zone::read(bytes);
  if (!made)
    return fail(made.error().what,
                "the time zone \"" + std::string(name) + "\" cannot be read: " + made.error().message,
                made.error().hint);
  return *made;
}

// The names are the third column of a table that comes with the zones.
std::string system_zones::hint(std::string_view name) const {
  std::istringstream table(contents(folder_ + "/zone1970.tab"));
  std::vector<std::string> names;
  for (std::string line; std::getline(table, line);) {
    std::istringstream columns(line);
    std::string country, place, zone_name;
    if (!line.starts_with('#') && columns >> country >> place >> zone_name)
      names.push_back(zone_name);
  }
  if (names.empty())
    return "install the package tzdata";
  const std::string meant = config::did_you_mean(name, {names.begin(), names.end()});
  return meant.empty() ? "zones are called like Europe/Paris" : meant;
}

} // namespace troupe::time_zone
