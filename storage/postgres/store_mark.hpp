#pragma once

#include "storage/two_slots.hpp"

#include <array>
#include <cstdint>

namespace troupe::storage::postgres {

/// How far the store had come when this node last heard from it, and who this node is to it. What decides
/// whether a store has gone back in time.
struct store_mark {
  std::array<char, 16> node{}; // drawn once for a data folder
  std::uint64_t system = 0;    // the server's system identifier
  std::uint64_t store = 0;     // drawn once for a store
  std::uint64_t timeline = 0;  // of the server
  std::uint64_t epoch = 0;     // this opening of the store
  std::uint64_t commits = 0;   // groups of this node that were acknowledged
};

/// The side file store.no in the data folder.
using store_mark_file = two_slots<store_mark>;

} // namespace troupe::storage::postgres
