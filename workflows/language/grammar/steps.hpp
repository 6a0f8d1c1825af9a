#pragma once

#include "workflows/language/grammar/shape.hpp"

#include <vector>

namespace troupe::workflow::grammar {

/// Verbs as a set, for the attributes that some take and others do not.
enum verb_bit : std::uint32_t {
  on_action = 1U << 0U, // agent + action
  on_tell = 1U << 1U,   // agent + tell
  on_steps = 1U << 2U,
  on_parallel = 1U << 3U,
  on_choice = 1U << 4U,
  on_map = 1U << 5U,
  on_loop = 1U << 6U,
  on_race = 1U << 7U,
  on_try = 1U << 8U,
  on_approval = 1U << 9U,
  on_decide = 1U << 10U,
  on_wait = 1U << 11U,
  on_receive = 1U << 12U,
  on_workflow = 1U << 13U,
  on_emit = 1U << 14U,
  on_set = 1U << 15U,
  on_fail = 1U << 16U,
  on_return = 1U << 17U,
  on_break = 1U << 18U,
  on_undo = 1U << 19U,
  on_all = (1U << 20U) - 1,
};

struct verb_row {
  std::string_view name; // the key that makes a step this verb
  std::uint32_t bit;     // `agent` has two: see action and tell
  const shape* holds;
  std::string_view doc;
  std::string_view result; // what `steps.ID` is afterwards
};

struct attribute_row {
  std::string_view name;
  std::uint32_t taken_by;
  const shape* holds;
  std::string_view doc;
};

std::span<const verb_row> verbs();
std::span<const attribute_row> attributes();

const verb_row* find_verb(std::string_view name);
const attribute_row* find_attribute(std::string_view name);

/// "agent with `action`, workflow": the verbs of a set, for messages and the reference.
std::string verb_words(std::uint32_t bits);

} // namespace troupe::workflow::grammar
