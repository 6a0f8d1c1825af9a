#pragma once

#include "tests/support/journal_contract.hpp"

#include <string>

namespace troupe::testing {

/// All a store holds, as text: equal dumps mean equal content. The first error that any question meets.
result<std::string> dump(journal_desk& desk);

/// Fills a store with some of everything, from one seed.
void fill(journal_desk& desk, std::uint64_t seed);

} // namespace troupe::testing
