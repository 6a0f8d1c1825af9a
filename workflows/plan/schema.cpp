#include "workflows/plan/schema.hpp"

#include "config/schema/schema.hpp"
#include "workflows/plan/schema_type.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {

schema::schema(std::string text, std::shared_ptr<const config::schema> checked, expression::type known)
    : text_(std::move(text))
    , checked_(std::move(checked))
    , type_(std::move(known)) {}

result<std::shared_ptr<const schema>> schema::compile(const std::string& text, std::string* where) {
  auto compiled = config::schema::compile(text, where);
  if (!compiled)
    return tl::unexpected(compiled.error());
  auto known = schema_type(nlohmann::ordered_json::parse(text));
  return std::shared_ptr<const schema>(
      new schema(text, std::make_shared<const config::schema>(std::move(*compiled)), std::move(known)));
}

std::vector<schema_mismatch> schema::check(const nlohmann::json& value) const {
  const auto broken = checked_->check(value);
  if (!broken)
    return {};
  return {{broken->pointer, broken->sentence}};
}

std::vector<std::string> schema::fields(const std::vector<std::string>& path) const {
  return schema_fields(nlohmann::ordered_json::parse(text_), path);
}

bool schema::is_closed(const std::vector<std::string>& path) const {
  return schema_is_closed(nlohmann::ordered_json::parse(text_), path);
}

} // namespace troupe::workflow
