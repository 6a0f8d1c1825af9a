#pragma once

#include "config/document/document.hpp"
#include "config/result.hpp"

#include <string>

namespace troupe::workflow {

/// The same tree as JSON, one value a line. Comments are lost, aliases expanded.
result<std::string> as_json(const config::node& root);

/// The same tree as YAML of block style.
std::string as_yaml(const config::node& root);

} // namespace troupe::workflow
