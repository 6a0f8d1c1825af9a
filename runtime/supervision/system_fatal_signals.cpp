#include "runtime/supervision/system_fatal_signals.hpp"

#include "runtime/supervision/limits.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

namespace troupe::supervision {

namespace {

constexpr std::array fatal_signals{SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};

// A signal handler is given nothing but the signal's number, so what it needs is global: constant-initialised
// and lock-free. Several recordings at once: several nodes in one process.
constinit std::array<std::atomic<flight_slots*>, limits::recordings_max> recordings{};
static_assert(std::atomic<flight_slots*>::is_always_lock_free);

// Guarded by `installing`, which the handler never takes.
constinit std::mutex installing;
constinit std::size_t users = 0;
struct sigaction handlers_before[fatal_signals.size()];

/// SA_RESETHAND has put back the default action when this runs. The signal is raised again and stays blocked
/// until the handler returns; then it ends the process where the fault happened, so that a core file shows
/// the fault.
extern "C" void on_fatal_signal(int signal) {
  for (auto& recording : recordings)
    if (flight_slots* slots = recording.load(std::memory_order_acquire))
      slots->mark_fatal(signal);
  ::raise(signal);
}

bool add_recording(flight_slots* slots) {
  for (auto& recording : recordings) {
    flight_slots* expected = nullptr;
    if (recording.compare_exchange_strong(expected, slots))
      return true;
  }
  return false;
}

int set_handlers() {
  struct sigaction ours {};
  ours.sa_handler = on_fatal_signal;
  ours.sa_flags = SA_ONSTACK | static_cast<int>(SA_RESETHAND);
  ::sigemptyset(&ours.sa_mask);
  for (std::size_t i = 0; i < fatal_signals.size(); ++i)
    if (::sigaction(fatal_signals[i], &ours, &handlers_before[i]) != 0)
      return errno;
  return 0;
}

/// Numbers threads hold, one bit each.
constinit std::array<std::atomic<std::uint64_t>, 4> numbers_taken{};
static_assert(numbers_taken.size() * 64 >= limits::recorder_slots_max);

std::size_t take_number() {
  for (std::size_t n = 0; n < limits::recorder_slots_max; ++n) {
    const std::uint64_t bit = std::uint64_t{1} << (n % 64);
    if ((numbers_taken[n / 64].fetch_or(bit, std::memory_order_acquire) & bit) == 0)
      return n;
  }
  return limits::recorder_slots_max;
}

void give_back_number(std::size_t n) {
  if (n < limits::recorder_slots_max)
    numbers_taken[n / 64].fetch_and(~(std::uint64_t{1} << (n % 64)), std::memory_order_release);
}

/// A thread's number and its stack for the handler; a stack it already has (a sanitizer's) is left in place.
class thread_claim {
public:
  thread_claim()
      : number_(take_number()) {
    stack_t present{};
    if (::sigaltstack(nullptr, &present) != 0 || (present.ss_flags & SS_DISABLE) == 0)
      return;
    stack_ = std::make_unique<std::byte[]>(limits::fatal_stack_bytes);
    stack_t ours{};
    ours.ss_sp = stack_.get();
    ours.ss_size = limits::fatal_stack_bytes;
    if (::sigaltstack(&ours, nullptr) != 0)
      stack_.reset(); // then an overflow of this thread's stack ends the process without a mark
  }
  ~thread_claim() {
    if (stack_) {
      stack_t none{};
      none.ss_flags = SS_DISABLE;
      (void)::sigaltstack(&none, nullptr); // the thread is ending: nothing else could be done
    }
    give_back_number(number_);
  }
  thread_claim(const thread_claim&) = delete;
  std::size_t number() const noexcept { return number_; }

private:
  std::size_t number_;
  std::unique_ptr<std::byte[]> stack_;
};

} // namespace

result<fatal_handlers> fatal_handlers::install(flight_recorder& recorder) {
  ensure(recorder.slots() != nullptr, "the flight recorder has been started");
  const std::lock_guard guard(installing);
  if (!add_recording(recorder.slots()))
    return fail(fault::refused, "too many flight recorders in one process",
                "use at most " + std::to_string(limits::recordings_max));
  if (users == 0) {
    if (const int code = set_handlers(); code != 0) {
      forget(*recorder.slots());
      return fail(fault::internal, "cannot handle fatal signals: " + std::system_category().message(code));
    }
  }
  ++users;
  return fatal_handlers(recorder.slots());
}

fatal_handlers::fatal_handlers(fatal_handlers&& other) noexcept
    : slots_(std::exchange(other.slots_, nullptr)) {}

fatal_handlers::~fatal_handlers() {
  if (!slots_)
    return;
  const std::lock_guard guard(installing);
  forget(*slots_);
  if (--users > 0)
    return;
  for (std::size_t i = 0; i < fatal_signals.size(); ++i)
    (void)::sigaction(fatal_signals[i], &handlers_before[i], nullptr); // it was valid when it was handed out
}

void fatal_handlers::forget(const flight_slots& slots) noexcept {
  for (auto& recording : recordings) {
    flight_slots* expected = const_cast<flight_slots*>(&slots);
    (void)recording.compare_exchange_strong(expected, nullptr); // another recording is not ours to forget
  }
}

std::size_t this_thread_slot() {
  thread_local const thread_claim claim;
  return claim.number();
}

} // namespace troupe::supervision
