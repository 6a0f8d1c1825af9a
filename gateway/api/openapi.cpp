#include "gateway/api/openapi.hpp"

#include "gateway/http/json_text.hpp"
#include "gateway/version.hpp"
#include "runtime/base/json_fwd.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace troupe::gateway {

namespace {

constexpr std::array<const char*, 3> places{"path", "query", "header"};

json reference(const std::string& schema) { return {{"$ref", "#/components/schemas/" + schema}}; }

json parameter_json(const route_parameter& parameter) {
  return {{"name", parameter.name},
          {"in", places.at(static_cast<std::size_t>(parameter.place))},
          {"required", parameter.place == parameter_place::path},
          {"description", parameter.about},
          {"schema", json::parse(parameter.schema)}};
}

json response_json(const route_response& response) {
  auto content = json::object();
  content[response.content_type] =
      response.schema.empty() ? json::object() : json{{"schema", reference(response.schema)}};
  return {{"description", response.about}, {"content", std::move(content)}};
}

json operation_json(const route& row) {
  json operation{{"operationId", row.id}, {"summary", row.summary}, {"tags", json::array({row.tag})}};
  auto parameters = json::array();
  for (const auto& parameter : row.parameters)
    parameters.push_back(parameter_json(parameter));
  if (!parameters.empty())
    operation["parameters"] = std::move(parameters);
  if (!row.request_schema.empty())
    operation["requestBody"] = {
        {"required", row.request_schema != "empty"},
        {"content", {{"application/json", {{"schema", reference(row.request_schema)}}}}}};
  for (const auto& response : row.responses)
    operation["responses"][std::to_string(response.status)] = response_json(response);
  operation["responses"]["default"] = response_json({0, "What was wrong.", "error"});
  return operation;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

} // namespace

std::string openapi_text(const route_table& table) {
  json description{{"openapi", "3.1.0"},
                   {"info",
                    {{"title", "Troupe"},
                     {"version", version},
                     {"description", "Durable agents: send them messages, look into them, steer them."}}}};
  table.each([&](const route& row) {
    description["paths"][row.path][lower(to_string(row.method))] = operation_json(row);
  });
  for (const auto& schema : table.schemas())
    description["components"]["schemas"][schema.name] = json::parse(schema.text);
  return json_text(description);
}

} // namespace troupe::gateway
