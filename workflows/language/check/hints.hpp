#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

/// Nothing when there are so many names that a person would not look for one among them either.
std::optional<std::string_view> nearest_of(std::string_view word, const std::vector<std::string_view>& names);

/// "did you mean send?", or what there is to choose from when that is little.
std::string hint_among(std::string_view word, const std::vector<std::string_view>& names);

template<class Map>
std::vector<std::string_view> keys_of(const Map& map) {
  std::vector<std::string_view> keys;
  for (const auto& [name, held] : map)
    keys.push_back(name);
  return keys;
}

} // namespace troupe::workflow
