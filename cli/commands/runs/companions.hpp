#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

/// The workflow files that a workflow file needs: those of its sub-workflows that lie beside it under their
/// names, and theirs in turn. Not the rest of the folder: another's mistake is no reason not to run this one.
std::vector<std::string> companions_of(const std::string& file);

} // namespace troupe::cli
