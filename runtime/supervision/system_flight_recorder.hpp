#pragma once

#include "config/result.hpp"
#include "runtime/base/time.hpp"
#include "runtime/supervision/flight_slots.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

namespace troupe::supervision {

/// The turns that run right now, in a file that outlives the process (CORE.md §5): after a fatal signal the
/// next start knows whom to blame. The kernel keeps the pages of a dead process, so nothing is synced; after
/// a power cut the file may be old or torn, and then nothing counts as a crash.
class flight_recorder {
public:
  /// Reads what the last process left and changes nothing yet. One process per file: the data folder's lock.
  static result<flight_recorder> open(std::filesystem::path file, std::size_t slots);

  flight_recorder(flight_recorder&&) noexcept;
  flight_recorder& operator=(flight_recorder&&) noexcept;
  /// Without `close` the file says that the process ended uncleanly.
  ~flight_recorder();

  const flight_report& previous() const noexcept;

  /// Forgets the previous report in the file and records from now on. Call it once the crashes of the
  /// previous session are committed: until then a second unclean end leaves them to be counted by the next
  /// start, and `session` (the node's epoch) tells that commit from a repeated one.
  result<void> start(std::uint64_t session);

  /// As `flight_slots`, for `slot` see `this_thread_slot`. Before `start` nothing is recorded.
  void begin(std::size_t slot, std::string_view agent, std::string_view subject, instant now) noexcept;
  void end(std::size_t slot) noexcept;
  void blame(std::size_t slot, instant since, int signal) noexcept;

  /// The process ends as it should: no turn is open. Nothing is recorded afterwards.
  void close() noexcept;

  /// Where the recording is written; null before `start` and after `close`. Lives as long as the recorder.
  flight_slots* slots() noexcept;

private:
  struct mapping;
  explicit flight_recorder(std::unique_ptr<mapping> file);

  std::unique_ptr<mapping> file_;
};

/// A turn in the recorder for as long as the object lives.
class recorded_turn {
public:
  recorded_turn(flight_recorder& recorder, std::size_t slot, std::string_view agent, std::string_view subject,
                instant now) noexcept
      : recorder_(recorder)
      , slot_(slot) {
    recorder_.begin(slot, agent, subject, now);
  }
  ~recorded_turn() { recorder_.end(slot_); }
  recorded_turn(const recorded_turn&) = delete;
  recorded_turn& operator=(const recorded_turn&) = delete;

private:
  flight_recorder& recorder_;
  std::size_t slot_;
};

} // namespace troupe::supervision
