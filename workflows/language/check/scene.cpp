#include "workflows/language/check/scene.hpp"

#include <algorithm>

namespace troupe::workflow {

const expression::type* scene_types::find(std::string_view root) const {
  const auto found = roots_.find(root);
  return found == roots_.end() ? nullptr : &found->second;
}

std::vector<std::string_view> scene_types::names() const {
  std::vector<std::string_view> all;
  for (const auto& [name, type] : roots_)
    all.push_back(name);
  return all;
}

void merge(scene& into, const scene& other, bool both_happen) {
  for (std::size_t i = 0; i < into.steps.size(); ++i) {
    presence& how = into.steps[i];
    if (both_happen)
      how = std::max(how, other.steps[i]);
    else if (how != other.steps[i])
      how = presence::maybe;
  }
  into.approved = both_happen ? into.approved || other.approved : into.approved && other.approved;
}

void weaken(scene& into, const scene& other) {
  for (std::size_t i = 0; i < into.steps.size(); ++i)
    if (into.steps[i] == presence::none && other.steps[i] != presence::none)
      into.steps[i] = presence::maybe;
}

} // namespace troupe::workflow
