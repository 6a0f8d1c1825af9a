#pragma once

#include "config/result.hpp"
#include "runtime/supervision/system_fatal_signals.hpp"
#include "runtime/supervision/system_flight_recorder.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace troupe::host {

/// A turn that has run too long.
struct stuck_turn {
  std::string agent;
  std::string subject;
  instant since{};
};

/// The turns that run right now on this node's threads: for the watchdog, and for the file that says after a
/// crash who was running.
class flight_deck {
public:
  /// `file` empty: nothing is written. Reads what the last process left.
  result<void> open(const std::string& file);
  const supervision::flight_report* previous() const;
  /// Records from now on: the crashes of the last process are committed.
  result<void> start(std::uint64_t session);
  void close();

  void turn_begins(const std::string& agent, const std::string& subject, instant now);
  void turn_ends();
  std::vector<stuck_turn> running_since_before(instant limit) const;
  /// Writes down that these turns are why the process is about to end. False: there are none.
  bool blame_running_since_before(instant limit);

private:
  static constexpr std::size_t slots = 256;
  struct slot {
    mutable std::mutex lock;
    bool running = false;
    stuck_turn turn;
  };

  slot slots_[slots];
  std::optional<supervision::flight_recorder> recorder_;
  std::optional<supervision::fatal_handlers> handlers_;
  std::atomic<bool> recording_ = false;
};

} // namespace troupe::host
