#include "workflows/plan/step_place.hpp"

#include <algorithm>

namespace troupe::workflow {

std::string place_below(const std::string& place, const std::string& segment) {
  if (segment.empty() || segment == "[]")
    return place;
  return place.empty() ? segment : place + '/' + segment;
}

std::string place_of(const step& s) {
  return place_below(s.parent ? place_of(*s.parent) : std::string(), s.segment);
}

std::string without_iterations(const std::string& path) {
  std::string made;
  int depth = 0;
  for (const char c : path) {
    if (c == '[')
      ++depth;
    else if (c == ']')
      depth = std::max(depth - 1, 0);
    else if (depth == 0)
      made += c;
  }
  return made;
}

const step* step_at(const plan& of, const std::string& path) {
  const auto place = without_iterations(path);
  const step* found = nullptr;
  for (const auto& s : of.arena) // the sequence that a map or loop holds has its place, and comes after it
    if (!found && place_of(*s) == place)
      found = s.get();
  return found;
}

} // namespace troupe::workflow
