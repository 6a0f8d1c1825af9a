#include "workflows/run/fields.hpp"

namespace troupe::workflow {

using expression::value;
using expression::value_kind;

const value* field(const value& of, std::string_view name) {
  return of.is(value_kind::map) ? of.find(name) : nullptr;
}

const value& part(const value& of, std::string_view name) {
  static const value nothing;
  const auto* found = field(of, name);
  return found ? *found : nothing;
}

std::string text_in(const value& of, std::string_view name) {
  const auto& v = part(of, name);
  return v.is(value_kind::text) ? v.as_text() : std::string();
}

bool flag_in(const value& of, std::string_view name) {
  const auto& v = part(of, name);
  return v.is(value_kind::boolean) && v.as_bool();
}

value with_field(const value& map, const std::string& name, value v) {
  std::vector<std::pair<std::string, value>> fields;
  if (map.is(value_kind::map))
    for (const auto& entry : map.entries())
      if (entry.key.is(value_kind::text))
        fields.emplace_back(entry.key.as_text(), entry.item);
  fields.emplace_back(name, std::move(v));
  return value::object(std::move(fields));
}

} // namespace troupe::workflow
