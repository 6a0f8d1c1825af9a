#pragma once

#include "config/expression/expression.hpp"
#include "config/expression/value_json.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace troupe::test {

namespace expression = troupe::expression;

/// Variables out of a JSON object. It counts how often each is asked for.
class json_scope : public expression::scope {
public:
  explicit json_scope(const nlohmann::json& variables);
  result<const expression::value*> find(std::string_view root) const override;

  mutable std::map<std::string, int, std::less<>> asked;

private:
  std::map<std::string, expression::value, std::less<>> values_;
};

/// Their types: dyn, as `troupe expr` has them, or those that the caller gives.
class json_types : public expression::type_scope {
public:
  explicit json_types(const nlohmann::json& variables);
  explicit json_types(std::map<std::string, expression::type, std::less<>> types)
      : types_(std::move(types)) {}
  const expression::type* find(std::string_view root) const override;
  std::vector<std::string_view> names() const override;

private:
  std::map<std::string, expression::type, std::less<>> types_;
};

using evaluated = tl::expected<expression::value, expression::problem>;

evaluated evaluate(const std::string& text, const nlohmann::json& variables = nlohmann::json::object(),
                   const expression::evaluation& with = {});

/// The value as JSON; a failure as {"error": its code}.
nlohmann::json json_of(const std::string& text, const nlohmann::json& variables = nlohmann::json::object());

/// The failure of an expression that must fail.
expression::problem problem_of(const std::string& text,
                               const nlohmann::json& variables = nlohmann::json::object());

expression::checked check(const std::string& text, const nlohmann::json& variables);
expression::checked check(const std::string& text,
                          const std::map<std::string, expression::type, std::less<>>& types);

/// What a place of the text says.
std::string at(const std::string& text, const expression::span& place);

/// The system's tzdata.
expression::evaluation with_zones();

} // namespace troupe::test
