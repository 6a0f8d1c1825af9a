#pragma once

#include "config/result.hpp"
#include "runtime/agent/fold_agent.hpp"
#include "runtime/agent/kind.hpp"
#include "runtime/journal/journal.hpp"

#include <cstdint>
#include <memory>

namespace troupe {

/// A fold agent as its journal has it.
struct folded_agent {
  std::unique_ptr<fold_agent> agent;
  std::uint64_t records = 0; // number of the last one
  std::uint64_t since_snapshot = 0;
};

/// Folds what the journal holds; decides nothing. Also how an agent that sleeps is looked at.
result<folded_agent> fold_journal(const kind_spec& kind, const journal::loaded_agent& found);

} // namespace troupe
