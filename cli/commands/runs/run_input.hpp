#pragma once

#include "cli/invocation.hpp"

#include <string>
#include <vector>

namespace troupe::cli {

/// `k=v` with JSON or text as v, several of them; or one `@f.json`, or JSON itself.
result<json> read_input(const invocation& run, const std::vector<std::string>& given);

} // namespace troupe::cli
