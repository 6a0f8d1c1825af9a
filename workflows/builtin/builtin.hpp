#pragma once

#include "config/expression/value.hpp"
#include "runtime/effects/outcome.hpp"

#include <span>
#include <string>
#include <string_view>

namespace troupe::workflow {

/// An action that every deployment has. Those that touch the outside are effects of the run itself, named
/// AGENT.ACTION and carried out by an executor of the node; the others are computed by the run.
struct builtin_action {
  std::string_view agent;
  std::string_view action;
  /// Pure; null: an outside effect.
  outcome (*compute)(const expression::value& with) = nullptr;
  /// JSON Schemas for the validator and for editors.
  std::string_view input;
  std::string_view output;
};

std::span<const builtin_action> builtin_actions();
const builtin_action* find_builtin(std::string_view agent, std::string_view action);
bool is_builtin_agent(std::string_view agent);

} // namespace troupe::workflow
