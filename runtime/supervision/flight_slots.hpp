#pragma once

#include "runtime/base/time.hpp"
#include "runtime/supervision/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace troupe::supervision {

/// The first block of a flight recorder's file. Plain bytes in this machine's order: the file never leaves
/// it.
struct flight_header {
  char magic[8];
  std::uint32_t layout;
  std::uint32_t slots;
  std::uint64_t session;
  std::int32_t closed; // 1 after a clean end
  std::int32_t signal; // that ended the process, 0 if none was seen
  char unused[480];
};

/// One worker's running turn. `open` is set last and cleared first, so a process that dies in between leaves
/// an idle slot; `check` finds blocks that a power cut left half written.
struct flight_slot {
  std::uint32_t open;
  std::int32_t signal; // that this turn's own thread received
  std::int64_t since;
  std::uint64_t check;
  std::uint32_t agent_bytes;
  std::uint32_t subject_bytes;
  char agent[limits::recorder_agent_bytes_max];
  char subject[limits::recorder_subject_bytes_max];
};

inline constexpr std::size_t flight_block = 512; // of header and slots: no two workers share a cache line
static_assert(sizeof(flight_header) == flight_block && sizeof(flight_slot) == flight_block);
static_assert(std::is_trivially_copyable_v<flight_header> && std::is_trivially_copyable_v<flight_slot>);

/// A turn that was running when the process ended.
struct interrupted_turn {
  std::string agent; // agent_id::text()
  std::string subject;
  instant since{};
  int signal = 0; // the fatal signal came from this turn: its crash counts. 0: it merely ran
};

/// How the process that wrote a recording ended.
struct flight_report {
  enum class ending : std::uint8_t { absent, unreadable, clean, unclean };
  ending how = ending::absent;
  std::uint64_t session = 0; // as given to `start`
  int signal = 0;            // 0: SIGKILL, power, or a signal that cannot be caught
  std::vector<interrupted_turn> turns;
  std::size_t torn = 0; // slots that power cut short: no turn can be read from them
};

/// Reads a whole recording. Damage is a report, never an error: a node starts without it.
flight_report read_flight(std::span<const std::byte> file);

/// Writes a recording into memory that outlives the process, a block per slot behind the header. Slots belong
/// to one thread each; different slots at the same time are fine. No call allocates, locks or enters the
/// kernel.
class flight_slots {
public:
  static std::size_t bytes_for(std::size_t slots) noexcept { return (slots + 1) * flight_block; }

  /// `memory`: `bytes_for(slots)` writable bytes, aligned as mmap aligns. Erases what was there.
  flight_slots(std::byte* memory, std::size_t slots, std::uint64_t session) noexcept;

  /// Longer texts are cut at their limits; a slot the recorder lacks is not recorded.
  void begin(std::size_t slot, std::string_view agent, std::string_view subject, instant now) noexcept;
  void end(std::size_t slot) noexcept;

  /// Async-signal-safe: notes the signal, and that this thread's open turn received it.
  void mark_fatal(int signal) noexcept;

  /// Any thread: the turn that began in this slot at `since` and still runs is what `signal` is about to be
  /// raised for. A watchdog's abort comes from its own thread and would else be blamed on nobody.
  void blame(std::size_t slot, instant since, int signal) noexcept;

  void close() noexcept;
  std::size_t size() const noexcept { return slots_; }

private:
  flight_header* header_;
  flight_slot* first_;
  std::size_t slots_;
};

} // namespace troupe::supervision
