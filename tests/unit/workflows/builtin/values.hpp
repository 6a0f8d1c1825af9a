#pragma once

#include "config/expression/value_json.hpp"
#include "runtime/effects/outcome.hpp"
#include "workflows/builtin/builtin.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>
#include <string>

namespace troupe::workflow {

/// `with` as a test writes it.
inline expression::value with(const std::string& json) {
  auto read = expression::from_json(nlohmann::json::parse(json));
  BOOST_REQUIRE(read.has_value());
  return *read;
}

inline outcome computed(std::string_view agent, std::string_view action, const std::string& json) {
  const auto* found = find_builtin(agent, action);
  BOOST_REQUIRE(found != nullptr);
  BOOST_REQUIRE(found->compute != nullptr);
  return found->compute(with(json));
}

/// The answer as JSON; what went wrong, when it went wrong.
inline nlohmann::json said(const outcome& o) {
  return o.ok ? nlohmann::json::parse(o.body) : nlohmann::json(o.kind + ": " + o.message);
}

} // namespace troupe::workflow
