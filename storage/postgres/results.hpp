#pragma once

#include "storage/postgres/job.hpp"
#include "storage/postgres/session.hpp"

namespace troupe::storage::postgres {

/// Records what outside effects came to, each fenced by its executor. Each job gets its answer.
void record_results(session& on, const std::vector<result_job*>& results, std::size_t blob_threshold);

/// Makes node `me` the executor of an effect. With its result, and untouched, once there is one.
result<journal::effect_row> adopt_effect(session& on, const std::string& id, std::uint64_t me, bool resent);

} // namespace troupe::storage::postgres
