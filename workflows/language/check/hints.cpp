#include "workflows/language/check/hints.hpp"

#include "config/diagnostic/suggestion.hpp"
#include "config/limits.hpp"

namespace troupe::workflow {

std::optional<std::string_view> nearest_of(std::string_view word,
                                           const std::vector<std::string_view>& names) {
  if (names.size() > limits::suggestion_candidates_max)
    return std::nullopt;
  return config::nearest(word, names);
}

std::string hint_among(std::string_view word, const std::vector<std::string_view>& names) {
  constexpr std::size_t listed_max = 8;
  std::string near =
      names.size() > limits::suggestion_candidates_max ? "" : config::did_you_mean(word, names);
  if (!near.empty() || names.empty() || names.size() > listed_max)
    return near;
  std::string all;
  for (const auto name : names)
    all += (all.empty() ? "" : ", ") + std::string(name);
  return "there is " + all;
}

} // namespace troupe::workflow
