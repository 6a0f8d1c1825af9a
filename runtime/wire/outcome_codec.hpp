#pragma once

#include "config/result.hpp"
#include "runtime/effects/outcome.hpp"

#include <string>
#include <string_view>

namespace troupe::wire {

class Outcome;

void write(const outcome& from, Outcome& to);
outcome read(const Outcome& from);

std::string encode_outcome(const outcome& o);
result<outcome> decode_outcome(std::string_view bytes);

} // namespace troupe::wire
