#pragma once

#include "runtime/base/fifo.hpp"
#include "runtime/journal/journal.hpp"
#include "runtime/message/envelope.hpp"
#include "runtime/message/told.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace troupe {

/// Where a durable message stands: which stream, which number.
struct stream_position {
  std::uint64_t sender_birth = 0; // 0: told, in no stream
  lane on = lane::mail;
  std::uint64_t number = 0;
};

struct mail {
  stream_position at;
  result<envelope> what = envelope(); // unreadable ones are dead letters, not silence
  std::string bytes;                  // as it lay in the outbox
};

/// The cache of an agent's pending mail. The truth is the senders' outboxes: what does not fit is simply not
/// kept, and read again from the store when there is room. Keeps each stream contiguous and without
/// duplicates.
class mailbox {
public:
  struct limits {
    std::size_t messages = 256;
    std::size_t bytes = 1 << 20;
    std::size_t told = 16'384; // items; small ones, as a rule
    std::size_t told_bytes = 4 << 20;
  };

  /// `births`: the highest birth when the agent was activated. A sender born later has no mark here.
  mailbox(limits max, std::uint64_t births)
      : max_(max)
      , births_(births) {}

  /// A row that has just become durable. A hint: may be late, doubled or out of order.
  void offer(journal::pending_row row);
  /// Rows read from the store after `refill_wanted` was answered.
  void refill(lane on, journal::pending_window window);
  /// Messages in no stream, in a queue of their own. False when it is full.
  bool offer_told(told what);
  bool has_told() const noexcept { return !told_.empty(); }
  std::size_t told_items() const noexcept { return told_items_; }
  /// The item that comes next, and what it shares with others.
  const told& told_front() const { return told_.front(); }
  std::size_t told_index() const noexcept { return told_next_; }
  void pop_told();
  /// All that is left of the first.
  void drop_told();

  mail* head(lane on);
  void pop(lane on);
  /// Something may lie in the store that no hint has told of.
  void look_again();
  /// Marks have moved: the store has other rows to show.
  void marks_moved();
  /// The lane to read from the store, if there is room and anything might be missing; at most one at a time.
  std::optional<lane> refill_wanted();
  std::uint64_t refill_after(lane on) const { return side(on).cursor; }

  /// Every pending row of the lane that was durable when the last hint came is in the queue.
  bool knows_all(lane on) const {
    const auto& l = side(on);
    return !l.asking && l.looked_for == l.missing;
  }
  bool asking() const { return lanes_[0].asking || lanes_[1].asking; }

  std::size_t depth(lane on) const { return side(on).queue.size(); }
  const fifo<mail>& queued(lane on) const { return side(on).queue; }
  /// Forgets what is known of streams with nothing queued, once there are very many of them. Only while no
  /// turn is on its way to the journal: an applied row must not be read again before its mark has moved.
  void forget_quiet_streams();

private:
  struct lane_state {
    fifo<mail> queue;
    std::size_t bytes = 0;
    std::unordered_map<std::uint64_t, std::uint64_t> next; // sender birth → number expected next
    std::uint64_t missing = 1;    // grows whenever something may lie in the store only
    std::uint64_t looked_for = 0; // `missing` when the store was last asked
    std::uint64_t cursor = 0;
    bool asking = false;
    bool fruitless = false; // the store showed only rows whose marks are still on their way
  };

  const lane_state& side(lane on) const { return lanes_[static_cast<std::size_t>(on)]; }
  lane_state& side(lane on) { return lanes_[static_cast<std::size_t>(on)]; }
  bool room(const lane_state& l) const { return l.queue.size() < max_.messages && l.bytes < max_.bytes; }
  void append(lane_state& l, journal::pending_row row);

  limits max_;
  std::uint64_t births_;
  lane_state lanes_[2];
  fifo<told> told_;
  std::size_t told_next_ = 0; // within the first of them
  std::size_t told_items_ = 0;
  std::size_t told_bytes_ = 0;
};

} // namespace troupe
