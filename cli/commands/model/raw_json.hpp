#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace troupe::cli {

/// The values within a JSON object or array as they stand in the text, with their keys as they are spelled.
/// The text must be valid JSON; of anything else than an object or an array there is nothing within.
using raw_member = std::pair<std::string_view, std::string_view>;
std::vector<raw_member> raw_members(std::string_view text);

/// The value of that key, spelled without escapes; empty if there is none.
std::string_view raw_member_of(std::string_view object, std::string_view key);

} // namespace troupe::cli
