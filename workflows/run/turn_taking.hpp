#pragma once

#include "workflows/run/engine.hpp"

namespace troupe::workflow {

// `concurrency`: runs of one key take turns. Who may begin is known by an agent `workflow.lock/NAME/KEY`.

/// The names of a run's own calls for it.
inline constexpr const char* lock_asked = "#lock";
inline constexpr const char* run_joined = "#joined";

/// Asks the lock; false: this workflow has none, the body may begin. An error: the key makes no sense.
result<bool> ask_for_turn(engine& on);

/// The lock's answer, or that of the run that is joined. True: the body may begin.
bool turn_answered(const std::string& command, const outcome& answer, engine& on);

/// The run is over: the next one's turn.
void give_turn_back(run_record& run, std::vector<fold_command>& commands);

} // namespace troupe::workflow
