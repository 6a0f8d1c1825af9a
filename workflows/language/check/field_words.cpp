#include "workflows/language/check/field_words.hpp"

#include "config/diagnostic/suggestion.hpp"

#include <algorithm>

namespace troupe::workflow {

std::string field_words::up_to(std::size_t parts) const {
  std::string text = read.root;
  for (std::size_t i = 0; i < parts; ++i)
    text += "." + read.path[i];
  return text;
}

std::string field_words::wanted() const { return up_to(failed + 1); }

std::string field_words::holder() const {
  if (read.root == "steps" && failed == 1)
    return "\"" + read.path.front() + "\" returns ";
  return up_to(failed) + (failed == 0 ? " has " : " is ");
}

std::vector<std::string> field_words::names() const {
  if (!written.empty())
    return written;
  std::vector<std::string> all;
  for (const expression::field& f : of.fields())
    all.push_back(f.name);
  return all;
}

std::string field_words::content() const {
  constexpr std::size_t shown = 8;
  std::string text;
  const auto all = names();
  for (std::size_t i = 0; i < std::min(all.size(), shown); ++i)
    text += (i > 0 ? ", " : "") + all[i];
  return "{" + text + (all.size() > shown ? ", …" : "") + "}";
}

// Among few fields the nearest one is worth a guess, however it is spelt.
std::string field_words::hint() const {
  constexpr std::size_t few = 4;
  const auto all = names();
  const std::vector<std::string_view> candidates(all.begin(), all.end());
  auto meant = config::nearest(read.path[failed], candidates);
  if (!meant && !all.empty() && all.size() <= few)
    meant = *std::min_element(candidates.begin(), candidates.end(), [&](auto a, auto b) {
      return config::edit_distance(read.path[failed], a) < config::edit_distance(read.path[failed], b);
    });
  return meant ? "did you mean " + up_to(failed) + "." + std::string(*meant) + "?" : "";
}

} // namespace troupe::workflow
