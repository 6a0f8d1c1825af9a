#include "config/document/document.hpp"
#include "config/settings/settings.hpp"
#include "config/settings/settings_file.hpp"
#include "config/settings/value.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

// Plain where YAML reads plain text back as the same text, else in double quotes.
std::string as_yaml(const setting& of, const setting_value& value) {
  const std::string text = format_value(of, value);
  if (!std::holds_alternative<std::string>(value))
    return text;
  const bool safe = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._/-").find(c) != std::string_view::npos;
  });
  const bool reads_back =
      safe && !text.starts_with('-') && std::holds_alternative<std::string_view>(resolve_plain(text));
  return reads_back ? text : quote_json(text);
}

tl::unexpected<error> not_valid(const diagnostics& found) {
  const diagnostic& first = found.items().front();
  std::string place = first.file;
  if (first.where)
    place += ":" + std::to_string(first.where->begin.line) + ":" + std::to_string(first.where->begin.column);
  return fail(fault::invalid, place + ": " + first.message, first.hint);
}

bool is_bracketed(const source& file) {
  diagnostics ignored; // the caller has read the file without a finding
  const auto parsed = parse_document(file, ignored);
  return parsed && parsed->root().is(node_kind::map) &&
         file.text()[parsed->root().where().begin.offset] == '{';
}

// A value in double quotes stays in them: the file may be JSON.
std::string replaced(const source& file, const range& where, const std::string& plain, std::string written) {
  std::string text = file.text();
  if (text[where.begin.offset] == '"')
    written = quote_json(plain);
  return text.replace(where.begin.offset, where.end.offset - where.begin.offset, written);
}

std::string appended(const source& file, std::string_view key, const std::string& written) {
  const bool open_line = !file.text().empty() && file.text().back() != '\n';
  return file.text() + (open_line ? "\n" : "") + std::string(key) + ": " + written + "\n";
}

// An edit must do what was asked and nothing else: shared values (anchors, merges) and a `...` at the end
// make the simple edit do something else.
bool says(const std::vector<file_value>& after, const std::vector<file_value>& before, const setting* changed,
          const setting_value& value) {
  const auto holds = [&](const setting* of, const setting_value& wanted) {
    return std::any_of(after.begin(), after.end(),
                       [&](const file_value& v) { return v.of == of && v.value == wanted; });
  };
  return holds(changed, value) && std::all_of(before.begin(), before.end(), [&](const file_value& v) {
           return v.of == changed || holds(v.of, v.value);
         });
}

const file_value* find_value(const std::vector<file_value>& values, const setting* of) {
  const auto found =
      std::find_if(values.begin(), values.end(), [=](const file_value& v) { return v.of == of; });
  return found == values.end() ? nullptr : &*found;
}

} // namespace

result<std::string> with_setting(const source& file, std::string_view key, std::string_view value,
                                 std::span<const setting> table) {
  const setting* of = find_setting(table, key);
  if (of == nullptr)
    return fail(fault::not_found, "there is no setting " + std::string(key), "troupe config show lists them");
  const auto parsed = parse_value(*of, value);
  if (!parsed)
    return tl::unexpected<error>(parsed.error());
  diagnostics found;
  const auto before = read_settings_file(file, table, found);
  if (found.errors() > 0)
    return not_valid(found);

  const std::string written = as_yaml(*of, *parsed);
  const file_value* present = find_value(before, of);
  if (present == nullptr && is_bracketed(file))
    return fail(fault::refused, file.name() + " is one map in brackets, which is not extended",
                "add \"" + std::string(key) + "\" by hand");
  std::string text = present != nullptr ? replaced(file, present->where, format_value(*of, *parsed), written)
                                        : appended(file, key, written);
  const auto after = read_settings_file(source(file.name(), text), table, found);
  if (found.errors() > 0 || !says(after, before, of, *parsed))
    return fail(fault::refused, file.name() + " shares values between settings, or ends in a marker",
                "change " + std::string(key) + " by hand");
  return text;
}

} // namespace troupe::config
