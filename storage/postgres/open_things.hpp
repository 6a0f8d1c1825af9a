#pragma once

#include "runtime/base/time.hpp"
#include "storage/postgres/session.hpp"

#include <string>

namespace troupe::storage::postgres {

/// What keeps an agent from being purged, for a person; empty: nothing.
std::string open_things(session& on, std::uint64_t birth, instant now);

} // namespace troupe::storage::postgres
