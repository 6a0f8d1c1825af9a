#include "config/settings/settings.hpp"
#include "config/settings/value.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::string quoted_if_empty(std::string text) { return text.empty() ? "\"\"" : text; }

std::string shown(const setting& of, const given_value& given) {
  return quoted_if_empty(show_value(of, given.value));
}

std::string json_given(const setting& of, const given_value& given) {
  return "{\"source\":" + quote_json(to_string(given.from)) + ",\"place\":" + quote_json(given.place) +
         ",\"value\":" + quote_json(show_value(of, given.value)) + "}";
}

std::string in_table(std::string_view text) {
  std::string escaped;
  for (const char c : text)
    escaped += c == '|' ? std::string("\\|") : std::string(1, c);
  return escaped;
}

std::string reference_row(const setting& s) {
  const std::string bounds = describe_bounds(s);
  return "| `" + std::string(s.key) + "` | " + std::string(to_string(s.type)) + " | " +
         (s.initial.empty() ? "–" : "`" + std::string(s.initial) + "`") + " | " +
         (bounds.empty() ? "" : in_table(bounds)) + " | " + in_table(s.doc) +
         (s.secret ? " Never shown." : "") + " | `" + environment_name(s.key) + "` |\n";
}

} // namespace

std::string render_text(const explanation& of) {
  std::string text = std::string(of.of.key) + " = " + shown(of.of, of.given.front()) + "\n";
  text += "  " + std::string(of.of.doc) + "\n";
  const std::string bounds = describe_bounds(of.of);
  if (!bounds.empty())
    text += "  Allowed: " + bounds + "\n";
  for (const given_value& given : of.given)
    text += (&given == &of.given.front() ? "* " : "  ") + padded(std::string(to_string(given.from)), 13) +
            padded(shown(of.of, given), 16) + " " + given.place + "\n";
  return text;
}

std::string render_json(const explanation& of) {
  std::string given;
  for (const given_value& value : of.given)
    given += (given.empty() ? "" : ",") + json_given(of.of, value);
  return "{\"key\":" + quote_json(of.of.key) +
         ",\"value\":" + quote_json(show_value(of.of, of.given.front().value)) +
         ",\"type\":" + quote_json(to_string(of.of.type)) + ",\"doc\":" + quote_json(of.of.doc) +
         ",\"environment\":" + quote_json(environment_name(of.of.key)) + ",\"given\":[" + given + "]}";
}

std::string render_text(const settings& all) {
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const explanation& e : all.all()) {
    key_width = std::max(key_width, e.of.key.size());
    value_width = std::max(value_width, shown(e.of, e.given.front()).size());
  }
  std::string text;
  for (const explanation& e : all.all())
    text += padded(std::string(e.of.key), key_width) + " = " +
            padded(shown(e.of, e.given.front()), value_width) + "  " + e.given.front().place + "\n";
  return text;
}

std::string render_json(const settings& all) {
  std::string items;
  for (const explanation& e : all.all())
    items += (items.empty() ? "" : ",") + render_json(e);
  return "{\"items\":[" + items + "],\"complete\":true}";
}

std::string render_reference(std::span<const setting> table) {
  std::string text;
  std::string_view group;
  for (const setting& s : table) {
    const std::string_view own = s.key.substr(0, s.key.find('.'));
    if (own != group)
      text +=
          std::string(text.empty() ? "" : "\n") + "### " + std::string(own) +
          "\n\n| key | type | default | allowed | what it does | environment |\n|---|---|---|---|---|---|\n";
    group = own;
    text += reference_row(s);
  }
  return text;
}

} // namespace troupe::config
