#pragma once

#include "storage/two_slots.hpp"

#include <cstdint>

namespace troupe::storage {

/// How far a store has come: which database, and how many groups it has acknowledged.
struct commit_mark {
  std::uint64_t store = 0;
  std::uint64_t commits = 0;
};

/// The side file commit.no, written before any turn of a group is acknowledged: a database behind it has lost
/// something that was acknowledged.
using commit_number = two_slots<commit_mark>;

} // namespace troupe::storage
