#include "cli/serve/publish_schedules.hpp"

#include <future>
#include <set>

namespace troupe::cli {
namespace {

constexpr std::size_t schedules_a_page = 1'000;
constexpr const char* schedule = "workflow.schedule";

/// At start and at a reload there is nothing else to do than to wait for the answer.
template<class T, class Ask>
result<T> wait_for(Ask ask) {
  auto come = std::make_shared<std::promise<result<T>>>();
  auto answered = come->get_future();
  ask([come](result<T> found) { come->set_value(std::move(found)); });
  return answered.get();
}

result<std::set<std::string>> known_schedules(node_api& node) {
  std::set<std::string> keys;
  journal::listing_query query;
  query.category = "schedule";
  query.open = true;
  query.limit = schedules_a_page;
  do {
    using lines = journal::page<journal::stored_listing>;
    auto page = wait_for<lines>([&](auto done) { node.listings(query, std::move(done)); });
    if (!page)
      return tl::unexpected(page.error());
    for (const auto& line : page->items)
      keys.insert(line.id.key());
    query.cursor = page->next_cursor;
  } while (!query.cursor.empty());
  return keys;
}

result<void> tell(node_api& node, const std::string& key, const std::string& verb) {
  auto to = agent_id::make("default", schedule, key);
  if (!to)
    return tl::unexpected(to.error());
  inject_request request;
  request.to = std::move(*to);
  request.type = verb;
  request.body = "{}";
  auto taken = wait_for<inject_answer>([&](auto done) { node.inject(request, std::move(done)); });
  return taken ? result<void>() : tl::unexpected(taken.error());
}

} // namespace

result<void> publish_schedules(node_api& node, const workflow::deployed_catalog& deployed) {
  auto gone = known_schedules(node);
  if (!gone)
    return tl::unexpected(gone.error());
  for (const auto& pinned : deployed.workflows())
    for (const auto& rule : pinned->made->schedules) {
      const auto key = pinned->made->name + '/' + rule.name;
      gone->erase(key);
      if (auto told = tell(node, key, "deploy"); !told)
        return told;
    }
  for (const auto& key : *gone)
    if (auto told = tell(node, key, "remove"); !told)
      return told;
  return {};
}

} // namespace troupe::cli
