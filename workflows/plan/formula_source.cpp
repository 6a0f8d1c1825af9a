#include "workflows/plan/formula_source.hpp"

#include "config/expression/template_text.hpp"
#include "config/expression/value_json.hpp"
#include "config/settings/units.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

std::string trimmed(const std::string& text) {
  const auto from = text.find_first_not_of(" \t\r\n");
  return from == text.npos ? std::string() : text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

std::string source_of_text(const expression::template_text& text) {
  std::string all;
  for (const auto& part : text.parts())
    if (const auto* plain = std::get_if<std::string>(&part))
      all += text.is_single() ? "" : *plain;
    else {
      const auto inner = trimmed(std::get<expression::template_text::embedded>(part).inner.text());
      all += text.is_single() ? inner : "${{ " + inner + " }}";
    }
  return all;
}

std::string source_of_value(const expression::value& v) {
  if (v.is(expression::value_kind::text))
    return v.as_text();
  if (v.is(expression::value_kind::duration) && v.as_duration().nanos >= 0)
    return config::format_duration(std::chrono::milliseconds(v.as_duration().nanos / 1'000'000));
  if (v.is(expression::value_kind::list)) {
    std::string all;
    for (const auto& item : v.items())
      all += (all.empty() ? "" : ", ") + source_of_value(item);
    return '[' + all + ']';
  }
  const auto made = expression::to_json(v);
  return made ? made->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) : "";
}

} // namespace

std::string source_of(const formula& f) {
  if (const auto* v = f.constant())
    return source_of_value(*v);
  if (const auto* text = f.computed_text())
    return source_of_text(*text);
  std::string all;
  if (const auto* items = f.computed_list()) {
    for (const auto& item : *items)
      all += (all.empty() ? "" : ", ") + source_of(item);
    return '[' + all + ']';
  }
  if (const auto* entries = f.computed_map()) {
    for (const auto& [name, entry] : *entries)
      all += (all.empty() ? "" : ", ") + name + ": " + source_of(entry);
    return '{' + all + '}';
  }
  return all;
}

} // namespace troupe::workflow
