#pragma once

#include "workflows/language/read/written.hpp"
#include "workflows/plan/plan.hpp"
#include "workflows/plan/schema.hpp"

#include <map>
#include <unordered_map>

namespace troupe::workflow {

/// What a place makes of a value.
enum class wanted : std::uint8_t { anything, boolean, text, integer, list, duration, instant };

/// One value with expressions, as a step or the file itself has it.
struct use {
  std::string key; // as messages name it: with, if, title
  wanted as = wanted::anything;
  bool secrets = false; // whether they may stand here
  written value;
};

/// When a value is evaluated, as seen from its step.
enum class moment : std::uint8_t { before, inside, after_body };

struct step_source {
  config::node at;
  std::optional<config::node> id;
  std::vector<std::pair<moment, use>> uses;
};

/// Which variables the values outside of steps see.
enum class surroundings : std::uint8_t { start, event, during, end };

struct file_use {
  surroundings in = surroundings::start;
  use value;
};

/// A plan together with where everything in it stands.
struct draft {
  std::shared_ptr<plan> made;
  config::node at; // the workflow, or the action
  std::unordered_map<const step*, step_source> sources;
  std::vector<file_use> uses;
  std::string title; // "the workflow", "action \"score\""
};

} // namespace troupe::workflow
