#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {

/// Insertions, deletions, substitutions and swaps of neighbours (in bytes) that turn one word into the other.
std::size_t edit_distance(std::string_view from, std::string_view to);

/// The candidate a person most likely meant, or nothing when none is near: a third of the word may differ,
/// case counts for nothing. The first of equally near ones wins.
std::optional<std::string_view> nearest(std::string_view word,
                                        const std::vector<std::string_view>& candidates);

/// "did you mean X?" or, when nothing is near, empty.
std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates);

} // namespace troupe::config
