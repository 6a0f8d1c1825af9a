#pragma once

#include "cli/invocation.hpp"
#include "config/diagnostic/diagnostic.hpp"

#include <string>

namespace troupe::workflow {
struct catalogue;
}

namespace troupe::cli {

/// A file's text, or standard input's for `-`, cut just past what a document may have.
result<config::source> read_source(const invocation& run, const std::string& name);

/// Writes a file by way of a new one, so that a crash leaves the old or the new.
result<bool> replace_file(const std::string& path, const std::string& text);

/// Findings on standard output, as text or JSON; unmet if one is an error.
command_result print_findings(const invocation& run, const config::diagnostics& found, std::size_t files);

/// A workflow file as it is; else the workflow of that name on the node.
result<config::source> find_workflow_source(const invocation& run, const std::string& name);

/// Kinds written in C++ are known by name; what their handlers take is not.
void add_kinds(workflow::catalogue& to);

} // namespace troupe::cli
