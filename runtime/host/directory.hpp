#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/door/views.hpp"

#include <atomic>
#include <caf/actor.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace troupe::host {

/// What a host publishes about itself for lists and for the passivator; read by any thread.
struct live_state {
  std::atomic<agent_state> state = agent_state::starting;
  std::atomic<std::uint32_t> depth = 0;
  std::atomic<std::uint64_t> turns = 0;
  std::atomic<std::int64_t> last_active_ms = 0;
};

/// Address → host of the agents active on this node. Sharded locks: looked up once per message.
class directory {
public:
  struct record {
    agent_id id;
    caf::actor host;
    std::shared_ptr<live_state> live;
  };

  void set(record r);
  /// Only if the record still is that host's.
  void remove(const agent_id& id, const caf::actor& host);
  caf::actor find(const address& a) const;
  std::optional<record> record_of(const address& a) const;
  void for_each(const std::function<void(const record&)>& visit) const;
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

private:
  struct shard {
    mutable std::mutex lock;
    std::unordered_map<address, record> records;
  };
  static constexpr std::size_t shards = 64;
  shard& shard_of(const address& a) { return shards_[a.bytes[15] % shards]; }
  const shard& shard_of(const address& a) const { return shards_[a.bytes[15] % shards]; }

  shard shards_[shards];
  std::atomic<std::size_t> size_ = 0;
};

} // namespace troupe::host
