#include "tests/unit/config/expression/evaluating.hpp"

#include "config/time_zone/system_zones.hpp"

namespace troupe::test {

json_scope::json_scope(const nlohmann::json& variables) {
  for (const auto& [name, value] : variables.items())
    values_.emplace(name, expression::from_json(value).value());
}

result<const expression::value*> json_scope::find(std::string_view root) const {
  ++asked[std::string(root)];
  const auto found = values_.find(root);
  return found == values_.end() ? nullptr : &found->second;
}

json_types::json_types(const nlohmann::json& variables) {
  for (const auto& [name, value] : variables.items())
    types_.emplace(name, expression::type());
}

const expression::type* json_types::find(std::string_view root) const {
  const auto found = types_.find(root);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> json_types::names() const {
  std::vector<std::string_view> all;
  for (const auto& [name, type] : types_)
    all.push_back(name);
  return all;
}

evaluated evaluate(const std::string& text, const nlohmann::json& variables,
                   const expression::evaluation& with) {
  auto read = expression::expression::parse(text);
  if (!read)
    return tl::unexpected(read.error());
  auto chosen = with;
  if (!chosen.zones)
    chosen.zones = with_zones().zones;
  return read->evaluate(json_scope(variables), chosen);
}

nlohmann::json json_of(const std::string& text, const nlohmann::json& variables) {
  const auto made = evaluate(text, variables);
  if (!made)
    return {{"error", expression::to_string(made.error().what)}};
  return expression::to_json(*made).value();
}

expression::problem problem_of(const std::string& text, const nlohmann::json& variables) {
  const auto made = evaluate(text, variables);
  return made ? expression::problem{} : made.error();
}

expression::checked check(const std::string& text, const nlohmann::json& variables) {
  return expression::expression::parse(text).value().check(json_types(variables));
}

expression::checked check(const std::string& text,
                          const std::map<std::string, expression::type, std::less<>>& types) {
  return expression::expression::parse(text).value().check(json_types(types));
}

std::string at(const std::string& text, const expression::span& place) {
  return text.substr(place.begin, place.end - place.begin);
}

expression::evaluation with_zones() {
  static const time_zone::system_zones zones;
  return {&zones, {}};
}

} // namespace troupe::test
