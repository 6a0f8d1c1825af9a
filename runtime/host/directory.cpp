#include "runtime/host/directory.hpp"

namespace troupe::host {

void directory::set(record r) {
  auto& s = shard_of(r.id.addr());
  std::lock_guard guard(s.lock);
  auto key = r.id.addr();
  if (s.records.insert_or_assign(key, std::move(r)).second)
    size_.fetch_add(1, std::memory_order_relaxed);
}

void directory::remove(const agent_id& id, const caf::actor& host) {
  auto& s = shard_of(id.addr());
  std::lock_guard guard(s.lock);
  auto found = s.records.find(id.addr());
  if (found == s.records.end() || found->second.host != host)
    return;
  s.records.erase(found);
  size_.fetch_sub(1, std::memory_order_relaxed);
}

caf::actor directory::find(const address& a) const {
  auto& s = shard_of(a);
  std::lock_guard guard(s.lock);
  auto found = s.records.find(a);
  return found == s.records.end() ? caf::actor() : found->second.host;
}

std::optional<directory::record> directory::record_of(const address& a) const {
  auto& s = shard_of(a);
  std::lock_guard guard(s.lock);
  auto found = s.records.find(a);
  return found == s.records.end() ? std::nullopt : std::optional(found->second);
}

void directory::for_each(const std::function<void(const record&)>& visit) const {
  for (const auto& s : shards_) {
    std::lock_guard guard(s.lock);
    for (const auto& [key, r] : s.records)
      visit(r);
  }
}

} // namespace troupe::host
