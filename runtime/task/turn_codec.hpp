#pragma once

#include "config/result.hpp"
#include "runtime/task/ask.hpp"

#include <string>
#include <string_view>

namespace troupe {

/// A row of class `record`: one turn of an open task, as Protobuf.
std::string encode(const turn_record& record);
result<turn_record> decode_turn(std::string_view bytes);

} // namespace troupe
