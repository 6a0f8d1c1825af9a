#include "workflows/builtin/answer.hpp"

#include "config/expression/value_json.hpp"
#include "config/limits.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {

outcome invalid(std::string message) { return outcome::failure("invalid", std::move(message)); }

outcome invalid(const error& why) {
  return invalid(why.hint.empty() ? why.message : why.message + "; " + why.hint);
}

outcome answer(const expression::value& v) {
  if (v.weight() > limits::expression_weight_max)
    return invalid("the result is larger than " + std::to_string(limits::expression_weight_max) + " bytes");
  const auto json = expression::to_json(v);
  if (!json)
    return invalid(json.error());
  return outcome::success(json->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

} // namespace troupe::workflow
