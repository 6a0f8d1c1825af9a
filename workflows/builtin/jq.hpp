#pragma once

#include "config/expression/value.hpp"
#include "runtime/effects/outcome.hpp"

#include <string>
#include <string_view>

namespace troupe::workflow {

/// transform.jq: {program, input}. One result is the answer, several are a list, none is null. libjq runs in
/// a forked child with limits on time, memory and output: no program of somebody else's can take the node
/// with it. Nothing is to be had there but the input: no files, no environment, no clock. Blocks for some
/// milliseconds, never longer than the limit.
outcome run_jq(const expression::value& with);

/// What the child does: the answer of `program` over `input`, both text, as {"results": […]} or {"error":
/// "…"}. For the fuzzer; unbounded.
std::string evaluate_jq(std::string_view program, std::string_view input);

} // namespace troupe::workflow
