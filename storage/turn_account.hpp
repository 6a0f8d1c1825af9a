#pragma once

#include "runtime/journal/rows.hpp"

#include <cstdint>
#include <string>

namespace troupe::storage {

/// Messages a turn takes from streams.
std::uint64_t messages_taken(const journal::turn_commit& turn);

/// Nothing is dropped silently: every message a turn takes from a stream is applied, skipped or a dead
/// letter. What does not add up; empty: it does.
std::string unaccounted(const journal::turn_commit& turn);

/// Payload bytes, to bound a group.
std::size_t payload_bytes(const journal::turn_commit& turn);

} // namespace troupe::storage
