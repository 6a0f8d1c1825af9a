#include "cli/commands/event_feed.hpp"

#include "cli/console/values.hpp"

#include <nlohmann/json.hpp>

namespace troupe::cli {

result<json> event_feed::read_page(const std::string& agent, const std::string& cursor) {
  auto path = agent_path(agent);
  if (!path)
    return tl::unexpected(path.error());
  return node_.get(*path + "/history?limit=1000" + (cursor.empty() ? "" : "&cursor=" + cursor));
}

void event_feed::take(const json& page, const std::string& agent, place& at, std::vector<json>& into) {
  for (auto event : array_at(page, "items")) {
    const auto number = event.value("number", std::uint64_t{0});
    if (number <= at.seen)
      continue;
    at.seen = number;
    event["agent"] = agent;
    into.push_back(std::move(event));
  }
}

result<std::vector<json>> event_feed::fresh(const std::string& agent) {
  auto& at = places_[agent];
  std::vector<json> events;
  while (true) { // ends with the list: each page moves the cursor on
    auto page = read_page(agent, at.cursor);
    if (!page)
      return tl::unexpected(page.error());
    take(*page, agent, at, events);
    auto next = cell(*page, "next_cursor");
    if (next.empty() || next == at.cursor)
      return events;
    at.cursor = std::move(next);
  }
}

} // namespace troupe::cli
