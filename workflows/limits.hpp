#pragma once

#include "config/limits.hpp"

/// What schedules, triggers, locks and people are held to; the rest of the house's limits lies in config/.
namespace troupe::limits {

// Schedules.

/// Instants that one look settles, that wait for the run before, or that one backfill asks for: each is a
/// run.
inline constexpr std::size_t schedule_made_up_max = 1'000;

/// An instant that comes later than this came while nobody looked: it is made up for, not skipped.
inline constexpr std::chrono::seconds schedule_punctual{1};

/// How late an instant may start where `catchup` does not say: a restart, an update of the machine.
inline constexpr std::chrono::minutes schedule_catchup_usual{1};

/// When a schedule that cannot say when it comes, or whose workflow is not on this node, looks again.
inline constexpr std::chrono::minutes schedule_looks_again{1};

// Messages that start runs, signals, locks.

/// What a trigger has taken, by its `dedupe`; the oldest is forgotten.
inline constexpr std::size_t messages_remembered_max = 1'000;

/// A sender that comes back after a month with the same thing means it anew.
inline constexpr std::chrono::hours messages_remembered{24 * 30};

/// Signals that a run has seen; the oldest is forgotten.
inline constexpr std::size_t signals_remembered_max = 1'000;

/// Runs of one concurrency key in line; the next one is rejected.
inline constexpr std::size_t lock_waiting_max = 10'000;

/// A free lock is worth keeping only as history.
inline constexpr std::chrono::hours lock_kept{24};

} // namespace troupe::limits
