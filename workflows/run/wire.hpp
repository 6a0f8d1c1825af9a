#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "workflows/run/state.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace troupe::workflow {

/// The value as JSON would bring it back: what a run keeps must be the same before and after a snapshot.
value plain(value v);

/// JSON text of a value; what JSON cannot say becomes null.
std::string to_text(const value& v);
/// The value of JSON text; null for none. invalid: it is no JSON.
result<value> from_text(std::string_view json);

/// Why a JSON text does not fit; empty: it does, or nothing is asked of it.
std::string misfit(const schema* shape, std::string_view json);

/// A line of the run's history.
fold_command run_event(std::string type, const run_record& run);
fold_command step_event(std::string type, const instance& about);

/// The answer to a call that was only a message: none. Faults travel as the error kinds that the door turns
/// into statuses.
std::optional<fold_command> reply_to(const envelope& call, const result<value>& what);

/// Tells somebody who waited how the run ended.
fold_command answer_to(const waiting_caller& caller, const run_record& run);

} // namespace troupe::workflow
