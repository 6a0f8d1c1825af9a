#pragma once

#include <cstdint>
#include <string>

namespace troupe::workflow {

/// A sound workflow `w` as JSON text, drawn from a seed: all verbs, nested, with retries, deadlines,
/// conditions, compensation, and what ends early.
std::string random_flow(std::uint64_t seed);

} // namespace troupe::workflow
