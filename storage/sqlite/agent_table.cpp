#include "storage/sqlite/agent_table.hpp"

#include "config/result.hpp"
#include "storage/limits.hpp"

#include <utility>

namespace troupe::storage {

agent_table::agent_table(connection& db, counters& count)
    : count_(count)
    , find_(db, "SELECT epoch, last_event FROM agent WHERE birth = ?1")
    , by_name_(db, "SELECT birth FROM agent WHERE tenant = ?1 AND kind = ?2 AND key = ?3")
    , insert_(db, "INSERT INTO agent(birth, tenant, kind, key, epoch) VALUES(?1, ?2, ?3, ?4, 0)")
    , remove_(db, "DELETE FROM agent WHERE birth = ?1")
    , set_epoch_(db, "UPDATE agent SET epoch = ?2, last_event = ?3 WHERE birth = ?1")
    , set_due_(db, "UPDATE agent SET next_due = ?2 WHERE birth = ?1")
    , set_status_(db, "UPDATE agent SET status = ?2, reason = ?3 WHERE birth = ?1") {}

agent_table::entry* agent_table::find(std::uint64_t birth) {
  auto at = known_.find(birth);
  if (at == known_.end()) {
    at = known_.emplace(birth, std::nullopt).first;
    auto row = find_.query(birth);
    if (row.next()) {
      at->second.emplace();
      at->second->epoch = row.natural(0);
      at->second->last_event = row.natural(1);
    }
  }
  return at->second ? &*at->second : nullptr;
}

agent_table::entry& agent_table::change(std::uint64_t birth) {
  entry* found = find(birth);
  ensure(found != nullptr, "only an agent that exists is changed");
  if (!std::exchange(found->changed, true))
    changed_.push_back(birth);
  return *found;
}

std::optional<std::uint64_t> agent_table::birth_of(const agent_id& id) {
  auto row = by_name_.query(text{id.tenant()}, text{id.kind()}, text{id.key()});
  return row.next() ? std::optional(row.natural(0)) : std::nullopt;
}

std::uint64_t agent_table::create(const agent_id& id) {
  const std::uint64_t birth = ++count_.births;
  insert_.run(birth, text{id.tenant()}, text{id.kind()}, text{id.key()});
  known_[birth].emplace();
  return birth;
}

void agent_table::remove(std::uint64_t birth) {
  remove_.run(birth);
  known_[birth].reset();
}

void agent_table::flush() {
  for (const std::uint64_t birth : changed_) {
    auto& found = known_[birth];
    if (!found) // removed since
      continue;
    if (std::exchange(found->dirty, false))
      set_epoch_.run(birth, found->epoch, found->last_event);
    if (found->next_due)
      set_due_.run(birth, *std::exchange(found->next_due, std::nullopt));
    if (found->status)
      set_status_.run(birth, static_cast<std::uint64_t>(*std::exchange(found->status, std::nullopt)),
                      text{found->reason});
    found->changed = false;
  }
  changed_.clear();
}

void agent_table::end_group() {
  if (known_.size() > limits::cached_agents)
    known_.clear();
}

} // namespace troupe::storage
