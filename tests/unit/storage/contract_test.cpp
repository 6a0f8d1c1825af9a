#include "tests/unit/storage/store_rigs.hpp"

namespace {

using namespace troupe::testing;

std::unique_ptr<journal_rig> on_sqlite() { return std::make_unique<sqlite_rig>(); }

// Every group alone, and bodies in blobs at once: the same answers must come out.
std::unique_ptr<journal_rig> on_sqlite_without_grouping() {
  troupe::storage::sqlite_options options;
  options.group_max = 1;
  options.blob_threshold = 0;
  options.readers = 1;
  return std::make_unique<sqlite_rig>(options);
}

std::unique_ptr<journal_rig> in_memory() { return std::make_unique<memory_rig>(7); }

[[maybe_unused]] const bool sqlite_keeps_the_contract = add_journal_contract("journal_on_sqlite", on_sqlite);
[[maybe_unused]] const bool ungrouped_sqlite_keeps_the_contract =
    add_journal_contract("journal_on_sqlite_without_grouping", on_sqlite_without_grouping);
[[maybe_unused]] const bool memory_keeps_the_contract = add_journal_contract("journal_in_memory", in_memory);

} // namespace
