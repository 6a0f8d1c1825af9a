#pragma once

#include "config/diagnostic/diagnostic.hpp"
#include "config/result.hpp"

#include <string>

namespace troupe::workflow {

/// The file with the house's white space: two spaces a level, lists deeper than their key, no blanks at the
/// end of lines, one empty line at most, LF. Words, quotes, comments and the order of keys stay as they are.
/// Findings of level 0 go to `found`; then nothing is returned.
std::optional<std::string> format_file(const config::source& in, config::diagnostics& found);

} // namespace troupe::workflow
