#include "config/settings/settings.hpp"

#include "config/diagnostic/codes.hpp"
#include "config/diagnostic/suggestion.hpp"
#include "config/settings/settings_file.hpp"
#include "config/settings/value.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

std::string_view code_of(const error& e) {
  return e.what == fault::refused ? codes::out_of_bounds : codes::bad_value;
}

std::string suggest(std::string_view key, std::span<const setting> table) {
  std::vector<std::string_view> known;
  for (const setting& s : table)
    known.push_back(s.key);
  return did_you_mean(key, known);
}

// Reads the sources from the strongest to the weakest, so that each setting's values come in that order.
class loader {
public:
  loader(std::span<const setting> table, diagnostics& found)
      : table_(table)
      , found_(found) {
    for (const setting& s : table)
      all.push_back({s, {}});
  }

  void read_flags(const std::map<std::string, given_flag>& flags) {
    for (const auto& [key, flag] : flags) {
      const std::string place = flag.name.empty() ? "--" + key : flag.name;
      if (const setting* named = find_setting(table_, key))
        read_text(*named, origin::flag, place, flag.text);
      else
        found_.add(
            make_error(place, codes::unknown_setting, "there is no setting " + key, suggest(key, table_)));
    }
  }

  void read_environment(const std::map<std::string, std::string>& environment) {
    std::vector<std::string> names;
    for (const setting& s : table_)
      names.push_back(environment_name(s.key));
    for (const auto& [name, text] : environment) {
      if (!name.starts_with("TROUPE_"))
        continue;
      const auto known = std::find(names.begin(), names.end(), name);
      if (known == names.end())
        warn_unknown(name, names);
      else if (!text.empty())
        read_text(table_[static_cast<std::size_t>(known - names.begin())], origin::environment, name, text);
    }
  }

  void read_file(const std::optional<source>& file, origin from) {
    if (!file)
      return;
    for (file_value& value : read_settings_file(*file, table_, found_))
      give(*value.of, {from,
                       file->name() + ":" + std::to_string(value.where.begin.line) + ":" +
                           std::to_string(value.where.begin.column),
                       std::move(value.value)});
  }

  void read_defaults() {
    for (const setting& s : table_) {
      auto parsed = parse_value(s, s.initial);
      ensure(parsed.has_value(), "every default is a valid value of its setting");
      give(s, {origin::built_in, "default", std::move(*parsed)});
    }
  }

  std::vector<explanation> all;

private:
  void read_text(const setting& of, origin from, const std::string& place, const std::string& text) {
    auto parsed = parse_value(of, text);
    if (parsed)
      give(of, {from, place, std::move(*parsed)});
    else
      found_.add(make_error(place, code_of(parsed.error()),
                            std::string(of.key) + ": " + parsed.error().message, parsed.error().hint));
  }

  void give(const setting& of, given_value value) {
    all[static_cast<std::size_t>(&of - table_.data())].given.push_back(std::move(value));
  }

  void warn_unknown(const std::string& name, const std::vector<std::string>& names) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    diagnostic warning = make_error(name, codes::unknown_variable, "this variable names no setting",
                                    did_you_mean(name, known));
    warning.level = severity::warning;
    found_.add(std::move(warning));
  }

  std::span<const setting> table_;
  diagnostics& found_;
};

const explanation* find(const std::vector<explanation>& all, std::string_view key) {
  const auto found =
      std::find_if(all.begin(), all.end(), [=](const explanation& e) { return e.of.key == key; });
  return found == all.end() ? nullptr : &*found;
}

// `smaller` must not exceed `larger`; both are durations, or absent from a test's own table.
void check_order(const std::vector<explanation>& all, std::string_view smaller, std::string_view larger,
                 diagnostics& found) {
  const explanation* low = find(all, smaller);
  const explanation* high = find(all, larger);
  if (low == nullptr || high == nullptr || low->given.front().value <= high->given.front().value)
    return;
  const auto said = [](const explanation& e) {
    return std::string(e.of.key) + " (" + format_value(e.of, e.given.front().value) + ", " +
           e.given.front().place + ")";
  };
  found.add(make_error(low->given.front().place, codes::contradiction,
                       said(*low) + " is above " + said(*high),
                       "raise " + std::string(larger) + " or lower " + std::string(smaller)));
}

} // namespace

std::string_view to_string(origin from) noexcept {
  switch (from) {
  case origin::flag:
    return "flag";
  case origin::environment:
    return "environment";
  case origin::project_file:
    return "project file";
  case origin::user_file:
    return "user file";
  case origin::built_in:
    return "default";
  }
  return "default";
}

std::optional<settings> settings::load(const setting_sources& from, diagnostics& found,
                                       std::span<const setting> table) {
  diagnostics own;
  loader reading(table, own);
  reading.read_flags(from.flags);
  reading.read_environment(from.environment);
  reading.read_file(from.project_file, origin::project_file);
  reading.read_file(from.user_file, origin::user_file);
  reading.read_defaults();
  check_order(reading.all, "supervision.backoff_initial", "supervision.backoff_max", own);
  found.add_all(own);
  if (own.errors() > 0)
    return std::nullopt;
  return settings(std::move(reading.all));
}

const setting_value& settings::value(std::string_view key) const {
  const explanation* found = find(all_, key);
  ensure(found != nullptr, "a setting that is read is in the table");
  return found->given.front().value;
}

const std::string& settings::text(std::string_view key) const { return std::get<std::string>(value(key)); }
bool settings::boolean(std::string_view key) const { return std::get<bool>(value(key)); }
std::int64_t settings::count(std::string_view key) const { return std::get<std::int64_t>(value(key)); }
std::int64_t settings::bytes(std::string_view key) const { return std::get<std::int64_t>(value(key)); }

std::chrono::milliseconds settings::duration(std::string_view key) const {
  return std::get<std::chrono::milliseconds>(value(key));
}

result<explanation> settings::explain(std::string_view key) const {
  if (const explanation* found = find(all_, key))
    return *found;
  std::vector<std::string_view> known;
  for (const explanation& e : all_)
    known.push_back(e.of.key);
  return fail(fault::not_found, "there is no setting " + std::string(key), did_you_mean(key, known));
}

} // namespace troupe::config
