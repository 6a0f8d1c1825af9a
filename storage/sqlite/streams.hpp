#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/message/envelope.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace troupe::storage {

/// One stream of messages: sender's birth, receiver, lane.
struct stream {
  std::uint64_t src = 0;
  address dst;
  lane on = lane::mail;
  bool operator==(const stream&) const = default;
};

struct stream_hash {
  std::size_t operator()(const stream& s) const noexcept {
    return std::hash<address>{}(s.dst) ^ (s.src * 2 + static_cast<std::size_t>(s.on)) * 0x9e3779b97f4a7c15u;
  }
};

/// Where a stream stands. Rows in (mark, last] are pending: contiguous, none missing.
struct stream_state {
  std::uint64_t mark = 0;
  std::uint64_t last = 0;
};

/// What the writer remembers of streams between groups. A cache: the store can always be asked again, so it
/// forgets everything when it is full.
class stream_cache {
public:
  explicit stream_cache(std::size_t limit)
      : limit_(limit) {}

  stream_state* find(const stream& s);
  stream_state& remember(const stream& s, stream_state state);
  void forget(const stream& s) { known_.erase(s); }
  /// Between groups only: references handed out end here.
  void trim();

private:
  std::size_t limit_;
  std::unordered_map<stream, stream_state, stream_hash> known_;
};

/// How many rows wait in each sender's outbox. Written by the writer, read by anybody.
class pending_book {
public:
  void add(const stream& s, std::uint64_t count);
  void remove(const stream& s, std::uint64_t count);

  /// Mail lane only: control rows count against no limit.
  std::uint32_t mail(std::uint64_t src, const address& dst) const;
  std::uint32_t mail(std::uint64_t src) const;
  /// Both lanes.
  std::uint64_t all(std::uint64_t src) const;
  std::uint64_t total() const;

private:
  struct sender {
    std::uint64_t mail = 0;
    std::uint64_t control = 0;
  };
  mutable std::mutex mutex_;
  std::unordered_map<std::uint64_t, sender> senders_;
  std::unordered_map<stream, std::uint64_t, stream_hash> mail_streams_;
  std::uint64_t total_ = 0;
};

} // namespace troupe::storage
