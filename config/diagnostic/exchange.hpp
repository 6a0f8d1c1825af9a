#pragma once

#include "config/diagnostic/diagnostic.hpp"

#include <string>

namespace troupe::config {

/// SARIF 2.1.0, for code hosts and editors: one run with all findings.
std::string render_sarif(const diagnostics& found, std::string_view tool_version);

/// Workflow commands of GitHub Actions: `::error file=…,line=…,col=…,title=…::message`, one a line.
std::string render_github(const diagnostics& found);

} // namespace troupe::config
