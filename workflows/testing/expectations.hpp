#pragma once

#include "workflows/testing/case_run.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// One thing that is not as it should be.
struct mismatch {
  std::string what; // output.status, effects.mail.send, path
  std::string expected;
  std::string got;
};

/// Where `got` is not what `expected` says: fields that it does not name may be there, lists are alike item
/// by item.
void compare_values(const std::string& what, const value& expected, const value& got,
                    std::vector<mismatch>& into);

/// All but `same_as`.
std::vector<mismatch> check_expectation(const expectation& wanted, const case_outcome& got);

/// State, output, error and effects. `keys`: those of the effects, too (of runs that began alike).
std::vector<mismatch> compare_outcomes(const case_outcome& wanted, const case_outcome& got, bool keys);

} // namespace troupe::workflow
