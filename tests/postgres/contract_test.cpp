#include "tests/postgres/postgres_rig.hpp"

namespace {

using namespace troupe::testing;

std::unique_ptr<journal_rig> on_postgres() {
  troupe::storage::postgres_options options;
  options.schema = test_server::shared().emptied_schema();
  return std::make_unique<postgres_rig>(options);
}

// Every group alone, and bodies in blobs at once: the same answers must come out.
std::unique_ptr<journal_rig> on_postgres_without_grouping() {
  troupe::storage::postgres_options options;
  options.group_max = 1;
  options.blob_threshold = 0;
  options.readers = 1;
  options.schema = test_server::shared().emptied_schema();
  return std::make_unique<postgres_rig>(options);
}

[[maybe_unused]] const bool postgres_keeps_the_contract =
    add_journal_contract("journal_on_postgres", on_postgres);
[[maybe_unused]] const bool ungrouped_postgres_keeps_the_contract =
    add_journal_contract("journal_on_postgres_without_grouping", on_postgres_without_grouping);

} // namespace
