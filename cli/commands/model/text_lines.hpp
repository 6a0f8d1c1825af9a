#pragma once

#include "cli/invocation.hpp"

#include <functional>

namespace troupe::cli {

/// Answers a document of standard input, or with `lines` each of its lines, with one line of JSON. A line
/// that cannot be answered is answered with {"error": …}, so that lines keep their partners.
command_result answer_lines(const invocation& run, bool lines,
                            const std::function<result<json>(const std::string&)>& answer);

} // namespace troupe::cli
