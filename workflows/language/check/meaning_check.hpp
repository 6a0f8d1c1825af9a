#pragma once

#include "workflows/language/read/draft.hpp"
#include "workflows/language/reporter.hpp"

#include <set>

namespace troupe::workflow {

/// Level 4: every part is right, but the whole makes no sense: steps that nothing reaches, effects that
/// nobody reconciles, questions that nobody answers in time.
void check_meaning(const draft& of, reporter& to);

/// Variables that are declared and never read.
void check_variables(const draft& of, const std::set<std::string, std::less<>>& read, reporter& to);

// Parts of check_meaning.
void check_reachable(const draft& of, const step& s, reporter& to);
void check_people(const draft& of, const step& s, reporter& to);
void check_names(const draft& of, const step& s, reporter& to);

} // namespace troupe::workflow
