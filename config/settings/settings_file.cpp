#include "config/settings/settings_file.hpp"

#include "config/diagnostic/codes.hpp"
#include "config/diagnostic/suggestion.hpp"
#include "config/document/document.hpp"
#include "config/settings/value.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

std::string wanted_type(const setting& of) {
  switch (of.type) {
  case value_type::boolean:
    return "true or false";
  case value_type::count:
    return "a whole number";
  case value_type::duration:
    return "a duration";
  case value_type::size:
    return "a size";
  default:
    return "text";
  }
}

bool accepts(const setting& of, node_kind kind) {
  switch (of.type) {
  case value_type::boolean:
    return kind == node_kind::boolean;
  case value_type::count:
    return kind == node_kind::integer;
  case value_type::size:
    return kind == node_kind::integer || kind == node_kind::text;
  default:
    return kind == node_kind::text;
  }
}

std::string type_hint(const setting& of, const node& value) {
  const std::string key(of.key);
  if (value.is(node_kind::null))
    return "remove the line to have the default, " + std::string(of.initial.empty() ? "\"\"" : of.initial);
  if (of.type == value_type::duration)
    return "give a unit: 250ms, 30s, 5m, 2h or 1d";
  if (value.kind() >= node_kind::list)
    return "it takes one value, such as " + key + ": " +
           std::string(of.initial.empty() ? "\"\"" : of.initial);
  if (value.is(node_kind::text))
    return "remove the quotes";
  return "quote the value";
}

class file_reader {
public:
  file_reader(std::span<const setting> table, diagnostics& found)
      : table_(table)
      , found_(found) {}

  void read_root(const node& root) {
    if (root.is(node_kind::null))
      return;
    if (root.is(node_kind::map))
      return read_map(root, "");
    report(root, codes::not_a_map,
           "a settings file is a map of keys to values, not " + std::string(with_article(root.kind())));
  }

  std::vector<file_value> values;

private:
  void read_map(const node& map, const std::string& prefix) {
    for (const entry& e : map.entries())
      read_entry(e, prefix + std::string(e.key.text()));
  }

  void read_entry(const entry& e, const std::string& key) {
    if (const setting* named = find_setting(table_, key))
      return read_setting(*named, e);
    if (!is_group(key))
      return report(e.key, codes::unknown_setting, "there is no setting " + key, suggest(key));
    if (e.value.is(node_kind::map))
      return read_map(e.value, key + ".");
    if (!e.value.is(node_kind::null)) // a group with everything in it commented out
      report(e.value, codes::not_a_map, key + " is a group of settings, not one",
             "its settings are " + members(key));
  }

  void read_setting(const setting& of, const entry& e) {
    if (!accepts(of, e.value.kind()))
      return report(e.value, codes::wrong_type,
                    std::string(of.key) + " takes " + wanted_type(of) + ", not " +
                        std::string(with_article(e.value.kind())),
                    type_hint(of, e.value), of.secret);
    const std::string text =
        e.value.is(node_kind::integer) ? std::to_string(e.value.integer()) : std::string(e.value.text());
    auto parsed = parse_value(of, text);
    if (!parsed)
      return report(e.value, parsed.error().what == fault::refused ? codes::out_of_bounds : codes::bad_value,
                    std::string(of.key) + ": " + parsed.error().message, parsed.error().hint, of.secret);
    add(of, e, std::move(*parsed));
  }

  void add(const setting& of, const entry& e, setting_value value) {
    const auto before =
        std::find_if(values.begin(), values.end(), [&](const file_value& v) { return v.of == &of; });
    if (before == values.end()) {
      values.push_back({&of, std::move(value), e.key.where(), e.value.where()});
      return;
    }
    diagnostic twice = make_error(e.key.in(), e.key.where(), codes::set_twice,
                                  std::string(of.key) + " is set twice in this file", "remove one of them");
    twice.notes.push_back(make_note(e.key.in(), before->key, "first set here"));
    found_.add(std::move(twice));
  }

  bool is_group(std::string_view key) const {
    return std::any_of(table_.begin(), table_.end(), [&](const setting& s) {
      return s.key.size() > key.size() && s.key.starts_with(key) && s.key[key.size()] == '.';
    });
  }

  std::string members(const std::string& group) const {
    std::string listed;
    for (const setting& s : table_)
      if (s.key.starts_with(group + "."))
        listed += (listed.empty() ? "" : ", ") + std::string(s.key);
    return listed;
  }

  std::string suggest(const std::string& key) const {
    std::vector<std::string_view> known;
    for (const setting& s : table_)
      known.push_back(s.key);
    for (const setting& s : table_)
      known.push_back(s.key.substr(0, s.key.rfind('.')));
    const std::string meant = did_you_mean(key, known);
    return meant.empty() ? "troupe config show lists all settings" : meant;
  }

  void report(const node& at, std::string_view code, std::string message, std::string hint = {},
              bool secret = false) {
    diagnostic finding = make_error(at.in(), at.where(), code, std::move(message), std::move(hint));
    if (secret)
      finding.shown = {};
    found_.add(std::move(finding));
  }

  std::span<const setting> table_;
  diagnostics& found_;
};

} // namespace

std::vector<file_value> read_settings_file(const source& file, std::span<const setting> table,
                                           diagnostics& found) {
  const auto parsed = parse_document(file, found);
  file_reader reader(table, found);
  if (parsed)
    reader.read_root(parsed->root());
  return std::move(reader.values);
}

} // namespace troupe::config
