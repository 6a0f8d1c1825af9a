#pragma once

#include "workflows/run/engine.hpp"

#include <string_view>

namespace troupe::workflow {

// Steps of `effect: once` whose attempt ended without telling what happened (CORE.md §6). Nobody asks again
// before `reconcile` has said that nothing did; that it may say only once the attempt's time is surely over.

/// May the effect have happened though the attempt failed so?
bool in_doubt(std::string_view kind) noexcept;

/// Asks `reconcile`, or gives up with unknown_outcome.
void doubt(instance& self, failure why, engine& run);
void reconcile(instance& self, engine& run);

/// Its answer: {found, result?}. True: nothing had happened, and the step may ask once more.
bool reconciled(instance& self, const instance& child, engine& run);

} // namespace troupe::workflow
