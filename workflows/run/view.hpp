#pragma once

#include "runtime/journal/listing.hpp"
#include "workflows/run/state.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// As people see it: input_required while an approval is open, else what the record says.
run_state visible_state(const run_record& run);

/// Why it does not go on by itself, and what would get it going; empty: it does.
std::string reason_of(const run_record& run);

/// JSON text: what GET /v1/runs/{id} answers.
std::string view_of(const run_record& run);

/// The lines of the store's index: the run itself, and each open approval.
std::vector<journal::listing> index_lines(const run_record& run);

} // namespace troupe::workflow
