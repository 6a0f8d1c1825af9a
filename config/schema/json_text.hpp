#pragma once

#include "config/result.hpp"

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace troupe::config {

using json = nlohmann::json;

/// True if brackets outside strings never nest deeper than `depth`. Text that is not JSON may get either
/// answer.
bool nests_within(std::string_view text, int depth) noexcept;

/// Parses untrusted text. `what` names it in the error ("the schema"). Refuses text over `bytes` and nesting
/// over limits::json_depth_max, so that whoever walks the value may recurse.
result<json> parse_json(std::string_view text, std::size_t bytes, std::string_view what);

/// JSON text with sorted keys. Bytes that are not UTF-8 become U+FFFD instead of an exception.
std::string dump_json(const json& value);

/// At most `bytes` of a text for people: valid UTF-8 whatever came in ("?" for broken bytes), control
/// characters as spaces, cut between characters, "…" where something is missing.
std::string shorten(std::string_view text, std::size_t bytes);

} // namespace troupe::config
