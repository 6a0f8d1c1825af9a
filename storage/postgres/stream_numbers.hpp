#pragma once

#include "storage/sqlite/streams.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace troupe::storage::postgres {

/// The last number of each stream that agents of this node send on. Only a sender's owner appends to its
/// streams, so what is remembered holds for one activation, told by its epoch; a fenced sender is forgotten.
class stream_numbers {
public:
  explicit stream_numbers(std::size_t limit)
      : limit_(limit) {}

  /// Empty: the store must be asked.
  std::optional<std::uint64_t> last(const stream& s, std::uint64_t epoch) const;
  void remember(const stream& s, std::uint64_t epoch, std::uint64_t last);
  /// A sender that has never sent: none of its streams needs looking up.
  void begin(std::uint64_t src, std::uint64_t epoch);
  void forget_sender(std::uint64_t src) { senders_.erase(src); }
  /// The receiver was purged: streams to it begin anew.
  void forget_receiver(const address& dst);
  /// Between groups: forgets all when there is too much of it.
  void trim();

private:
  struct entry {
    std::uint64_t last = 0;
    std::uint64_t at = 0; // when it was remembered, in purges
  };
  struct target_hash {
    std::size_t operator()(const std::pair<address, lane>& t) const noexcept {
      return std::hash<address>{}(t.first) * 2 + static_cast<std::size_t>(t.second);
    }
  };
  struct sender {
    std::uint64_t epoch = 0;
    bool all_known = false;
    std::unordered_map<std::pair<address, lane>, entry, target_hash> streams;
  };

  std::size_t limit_;
  std::size_t count_ = 0;
  std::uint64_t purges_ = 0;
  std::unordered_map<std::uint64_t, sender> senders_;
  std::unordered_map<address, std::uint64_t> purged_;
};

/// Which mail of this node's senders waits somewhere, as far as it knows. Rows are taken out by their
/// receivers, perhaps on another node: what was long not heard of is asked for (`stale`). Any thread.
class outbox_book {
public:
  void sent(const stream& s, std::uint64_t number);
  /// All up to `number` is known to be gone from the outbox.
  void settled(const stream& s, std::uint64_t number);
  /// What the store holds of a sender that was just claimed.
  void found(const stream& s, std::uint64_t first, std::uint64_t last);
  void forget_sender(std::uint64_t src);

  std::uint32_t mail(std::uint64_t src, const address& dst) const;
  std::uint32_t mail(std::uint64_t src) const;

  struct line {
    stream of;
    std::uint64_t last = 0;
  };
  /// Streams with pending mail, at most `limit`, a different part each time.
  std::vector<line> stale(std::size_t limit);

private:
  struct span {
    std::uint64_t mark = 0;
    std::uint64_t last = 0;
  };
  struct sender {
    std::uint64_t mail = 0;
    std::unordered_set<address> to;
  };
  void set(const stream& s, span now);

  mutable std::mutex mutex_;
  std::unordered_map<stream, span, stream_hash> streams_;
  std::unordered_map<std::uint64_t, sender> senders_;
  std::size_t cursor_ = 0;
};

} // namespace troupe::storage::postgres
