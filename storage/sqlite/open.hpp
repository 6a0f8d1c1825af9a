#pragma once

#include "runtime/journal/journal.hpp"
#include "storage/sqlite/options.hpp"

#include <memory>

namespace troupe::storage {

/// Opens the store in `options.directory` (troupe.db, commit.no, lock), creating what is missing. Destroying
/// it commits what was handed in before. conflict: another process has it; refused: written by a newer build;
/// corrupt: damaged, or behind what it had acknowledged; full, unavailable: the disk.
result<std::unique_ptr<journal::store>> open_sqlite(sqlite_options options);

} // namespace troupe::storage
