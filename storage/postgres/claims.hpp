#pragma once

#include "storage/postgres/job.hpp"
#include "storage/postgres/session.hpp"
#include "storage/postgres/stream_numbers.hpp"

namespace troupe::storage::postgres {

/// Takes agents over for the node with epoch `me`, all in one statement: compare-and-set on their activation
/// epochs, locked in the order of their births as turns lock them. Each job gets its answer. Once more is
/// harmless: `resent` tells a newborn from one that an earlier try has made.
void claim_agents(session& on, const std::vector<claim_job*>& claims, std::uint64_t me, bool resent,
                  outbox_book& book);

} // namespace troupe::storage::postgres
