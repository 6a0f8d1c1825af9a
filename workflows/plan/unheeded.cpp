#include "workflows/plan/unheeded.hpp"

#include <set>

namespace troupe::workflow {
namespace {

void add_parts(const step& of, std::set<std::string>& found) {
  const auto note = [&](bool said, const char* name) {
    if (said)
      found.insert(name);
  };
  note(of.limit.limits_anything(), "budget");
  note(of.cache.ttl.count() > 0, "cache");
  note(!of.place.label.absent() || !of.place.near.absent() || !of.place.node.absent(), "place");
  note(of.stream, "stream");
  note(of.supervision.has_value(), "supervision");
  note(!of.since.empty(), "since");
  note(of.output.store, "output.store");
}

} // namespace

std::vector<std::string> unheeded_parts(const plan& of) {
  std::set<std::string> found;
  for (const auto& step : of.arena)
    add_parts(*step, found);
  if (of.upgrade != upgrade_rule::pin)
    found.insert("upgrade");
  if (of.limit.limits_anything())
    found.insert("budget");
  return {found.begin(), found.end()};
}

} // namespace troupe::workflow
