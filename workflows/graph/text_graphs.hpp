#pragma once

#include "workflows/graph/diagram.hpp"

#include <string>

namespace troupe::workflow {

/// The same diagram for tools that lay it out themselves.
std::string render_mermaid(const box& whole);
std::string render_dot(const box& whole, const std::string& name);

/// For programs: {path, verb, title, lines, if, children, labels, run}, as drawn.
std::string render_graph_json(const box& whole);

} // namespace troupe::workflow
