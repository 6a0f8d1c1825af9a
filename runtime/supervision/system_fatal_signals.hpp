#pragma once

#include "config/result.hpp"
#include "runtime/supervision/system_flight_recorder.hpp"

#include <cstddef>

namespace troupe::supervision {

/// While it lives, SIGSEGV, SIGBUS, SIGABRT, SIGILL and SIGFPE are written into the recording before they end
/// the process by their default action, core file included. With several nodes in one process each recording
/// notes the signal. What cannot be caught (SIGKILL, power) leaves no mark and counts for nothing.
class fatal_handlers {
public:
  /// `recorder` has been started and outlives the handlers; once it is closed it is left alone.
  static result<fatal_handlers> install(flight_recorder& recorder);

  fatal_handlers(fatal_handlers&& other) noexcept;
  fatal_handlers& operator=(fatal_handlers&&) = delete;
  /// The last one puts back the handlers that were there before the first.
  ~fatal_handlers();

  /// Signals are no longer written there.
  static void forget(const flight_slots& slots) noexcept;

private:
  explicit fatal_handlers(const flight_slots* slots)
      : slots_(slots) {}

  const flight_slots* slots_;
};

/// The recorder slot of the calling thread, the same until the thread ends: the lowest number no other thread
/// holds. `limits::recorder_slots_max` when all are taken: such a thread's turns are not recorded. The first
/// call also gives the thread a stack to run the fatal handler on, so that a stack overflow can be recorded.
std::size_t this_thread_slot();

} // namespace troupe::supervision
