#include "kernels/serving/adapter_registry.hpp"

#include <algorithm>
#include <ranges>

namespace troupe::kernels {

result<done> adapter_registry::put(const std::string& name, std::string path) {
  if (name.empty())
    return fail(fault::invalid, "an adapter needs a name");
  auto at = entries_.find(name);
  if (at == entries_.end() && entries_.size() >= limits_.registered_max)
    return fail(fault::refused, std::to_string(entries_.size()) + " adapters are registered already",
                "remove one that is no longer needed");
  if (at == entries_.end()) {
    entries_[name] = entry{.id = ++last_id_, .version = 1, .path = std::move(path), .next_version = 1};
    return done{};
  }
  auto& known = at->second;
  ++known.next_version;
  known.next_path = std::move(path);
  known.problem.clear();
  want(name, known);
  return done{};
}

result<done> adapter_registry::remove(std::string_view name) {
  const auto at = entries_.find(name);
  if (at == entries_.end())
    return fail(fault::not_found, "there is no adapter " + std::string(name));
  const auto held = live_.find({at->second.id, at->second.version});
  if (held != live_.end()) {
    held->second.current = false;
    held->second.pinned = false;
    if (held->second.users == 0)
      live_.erase(held);
  }
  entries_.erase(at);
  return done{};
}

result<done> adapter_registry::pin(std::string_view name, bool pinned) {
  const auto at = entries_.find(name);
  if (at == entries_.end())
    return fail(fault::not_found, "there is no adapter " + std::string(name));
  const auto others = std::ranges::count_if(
      entries_, [&](const auto& one) { return one.second.pinned && one.first != name; });
  if (pinned && static_cast<std::size_t>(others) + 1 >= limits_.live_max)
    return fail(fault::refused,
                "one of " + std::to_string(limits_.live_max) + " places for adapters must stay free of pins");
  auto& known = at->second;
  known.pinned = pinned;
  const auto held = live_.find({known.id, known.version});
  if (held != live_.end())
    held->second.pinned = pinned;
  else if (pinned)
    want(at->first, known);
  return done{};
}

void adapter_registry::want(const std::string& name, entry& of) {
  if (of.wanted)
    return;
  of.wanted = true;
  queue_.push_back(name);
}

adapter_registry::acquired adapter_registry::acquire(std::string_view name) {
  const auto at = entries_.find(name);
  if (at == entries_.end())
    return {answer::unknown, {}, "there is no adapter " + std::string(name)};
  auto& known = at->second;
  const adapter_key key{known.id, known.version};
  const auto held = live_.find(key);
  if (held != live_.end()) {
    ++held->second.users;
    held->second.used = ++clock_;
    return {answer::live, {key, held->second.with}};
  }
  if (std::exchange(known.broken, false)) // the next one to ask tries again
    return {answer::broken, {}, known.problem};
  want(at->first, known);
  return {answer::loading};
}

bool adapter_registry::release(const adapter_key& key) {
  const auto held = live_.find(key);
  ensure(held != live_.end() && held->second.users > 0, "an adapter is given back once by each user");
  if (--held->second.users > 0 || held->second.current)
    return false;
  live_.erase(held);
  return true;
}

bool adapter_registry::make_room() {
  if (live_.size() + loading_ < limits_.live_max)
    return true;
  auto oldest = live_.end();
  for (auto at = live_.begin(); at != live_.end(); ++at)
    if (at->second.users == 0 && !at->second.pinned &&
        (oldest == live_.end() || at->second.used < oldest->second.used))
      oldest = at;
  if (oldest == live_.end())
    return false;
  live_.erase(oldest);
  ++evictions_;
  return true;
}

std::optional<adapter_registry::job> adapter_registry::next_job() {
  while (!queue_.empty()) {
    const auto at = entries_.find(queue_.front());
    const bool is_there = at != entries_.end() && at->second.next_path.empty() &&
                          live_.contains({at->second.id, at->second.version});
    if (at == entries_.end() || is_there) { // removed, or wanted once more while it was loaded
      if (is_there)
        at->second.wanted = false;
      queue_.pop_front();
      continue;
    }
    if (at->second.loading || !make_room()) // one load of a name at a time
      return std::nullopt;
    auto& known = at->second;
    job next{at->first, known.path, {known.id, known.version}};
    if (!known.next_path.empty())
      next = {at->first, known.next_path, {known.id, known.next_version}};
    known.wanted = false;
    known.loading = true;
    ++loading_;
    queue_.pop_front();
    return next;
  }
  return std::nullopt;
}

void adapter_registry::retire(const adapter_key& key, std::vector<adapter_key>& gone) {
  const auto held = live_.find(key);
  if (held == live_.end() || held->second.users == 0) {
    if (held != live_.end())
      live_.erase(held);
    gone.push_back(key);
    return;
  }
  held->second.current = false;
  held->second.pinned = false;
}

std::vector<adapter_key> adapter_registry::loaded(const job& done,
                                                  result<std::shared_ptr<const adapter>> made) {
  --loading_;
  ++loads_;
  std::vector<adapter_key> gone;
  const auto at = entries_.find(done.name);
  if (at == entries_.end() || at->second.id != done.key.id)
    return gone; // removed while it was loaded
  auto& known = at->second;
  known.loading = false;
  const bool replaces = done.key.version != known.version;
  const bool newest = done.key.version == known.next_version;
  if (!made) {
    known.problem = made.error().message;
    known.broken = !replaces;
    if (newest)
      known.next_path.clear();
    return gone;
  }
  if (replaces)
    retire({known.id, known.version}, gone);
  known.version = done.key.version;
  known.path = done.path;
  known.broken = false;
  if (newest)
    known.next_path.clear();
  live_[done.key] = resident{std::move(*made), 0, ++clock_, true, known.pinned};
  return gone;
}

std::vector<adapter_registry::entry_view> adapter_registry::list() const {
  std::vector<entry_view> views;
  for (const auto& [name, known] : entries_) {
    const auto held = live_.find({known.id, known.version});
    const bool live = held != live_.end();
    views.push_back(
        {name, known.path, known.version, live, known.pinned, live ? held->second.users : 0, known.problem});
  }
  return views;
}

} // namespace troupe::kernels
