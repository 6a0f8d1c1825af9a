#include "runtime/supervision/turn_watch.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <utility>

namespace troupe::supervision {

namespace {

void oldest_first(std::vector<overdue_turn>& turns) {
  std::stable_sort(turns.begin(), turns.end(),
                   [](const overdue_turn& a, const overdue_turn& b) { return a.since < b.since; });
}

} // namespace

void turn_watch::begin(std::uint64_t turn, agent_id agent, std::string subject, instant now) {
  open_turn opened{{turn, std::move(agent), std::move(subject), now}};
  ensure(running_.emplace(turn, std::move(opened)).second, "a turn's number is free when it begins");
}

bool turn_watch::end(std::uint64_t turn) { return running_.erase(turn) > 0; }

std::vector<overdue_turn> turn_watch::overdue(instant now) {
  std::vector<overdue_turn> found;
  for (auto& [number, open] : running_) {
    if (open.named || now - open.what.since < limit_)
      continue;
    open.named = true;
    found.push_back(open.what);
  }
  oldest_first(found);
  return found;
}

std::vector<overdue_turn> turn_watch::stuck(instant now) const {
  std::vector<overdue_turn> found;
  for (const auto& [number, open] : running_)
    if (now - open.what.since >= limit_)
      found.push_back(open.what);
  oldest_first(found);
  return found;
}

instant turn_watch::next_due() const {
  instant soonest = never;
  for (const auto& [number, open] : running_)
    if (!open.named)
      soonest = std::min(soonest, open.what.since + limit_);
  return soonest;
}

} // namespace troupe::supervision
