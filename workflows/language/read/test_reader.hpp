#pragma once

#include "workflows/language/reporter.hpp"
#include "workflows/plan/test_plan.hpp"

#include <memory>

namespace troupe::workflow {

/// A file of tests whose shape was checked: each test with what it takes over from `defaults`. What was
/// rejected counts as absent.
std::shared_ptr<test_plan> read_tests(const config::node& root, reporter& to);

} // namespace troupe::workflow
