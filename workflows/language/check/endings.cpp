#include "workflows/language/check/endings.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

bool ends_unconditionally(const step& s) { return s.condition.absent() && never_goes_on(s); }

void add(steps& all, const step* part) {
  if (part != nullptr)
    all.push_back(part);
}

} // namespace

bool never_goes_on(const step& s) {
  if (s.what == verb::leave || s.what == verb::fail || s.what == verb::stop)
    return true;
  if (const auto* body = std::get_if<sequence_body>(&s.body)) {
    // A nested `steps` may be what its own `return` ends.
    const bool member = s.parent != nullptr && std::holds_alternative<sequence_body>(s.parent->body);
    const bool nested = member && returns_inside(s);
    return !nested && std::any_of(body->children.begin(), body->children.end(),
                                  [](const step* child) { return ends_unconditionally(*child); });
  }
  if (const auto* body = std::get_if<choice_body>(&s.body)) {
    return !body->arms.empty() && std::all_of(body->arms.begin(), body->arms.end(),
                                              [](const choice_arm& arm) { return never_goes_on(*arm.body); });
  }
  if (const auto* body = std::get_if<attempt_body>(&s.body))
    return body->finally != nullptr && never_goes_on(*body->finally);
  return false;
}

bool returns_inside(const step& sequence) {
  const steps parts = parts_of(sequence);
  return std::any_of(parts.begin(), parts.end(), [](const step* part) {
    const bool own_scope =
        part->what == verb::parallel || part->what == verb::race || part->what == verb::map;
    return part->what == verb::leave || (!own_scope && returns_inside(*part));
  });
}

bool lies_within(const step& inner, const step& outer) {
  for (const step* at = &inner; at != nullptr; at = at->parent)
    if (at == &outer)
      return true;
  return false;
}

steps parts_of(const step& s) {
  steps all;
  if (const auto* sequence = std::get_if<sequence_body>(&s.body))
    all = sequence->children;
  else if (const auto* parallel = std::get_if<parallel_body>(&s.body))
    all = parallel->branches;
  else if (const auto* race = std::get_if<race_body>(&s.body))
    all = race->branches;
  else if (const auto* choice = std::get_if<choice_body>(&s.body))
    for (const choice_arm& arm : choice->arms)
      add(all, arm.body);
  else if (const auto* map = std::get_if<map_body>(&s.body))
    add(all, map->body);
  else if (const auto* loop = std::get_if<loop_body>(&s.body))
    add(all, loop->body);
  else if (const auto* attempt = std::get_if<attempt_body>(&s.body)) {
    add(all, attempt->body);
    for (const catch_clause& handler : attempt->handlers)
      add(all, handler.body);
    add(all, attempt->finally);
  }
  return all;
}

} // namespace troupe::workflow
