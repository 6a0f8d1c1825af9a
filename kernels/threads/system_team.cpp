#include "kernels/threads/team.hpp"

#include "kernels/base/result.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <pthread.h>
#include <sched.h>
#include <thread>
#include <vector>

namespace troupe::kernels {

namespace {

/// Looked at so often before a thread sleeps: the next piece of a forward pass comes within microseconds.
constexpr int looks_before_sleep = 20'000;

/// A ticket is the number of the work in its upper half and the next part to take in its lower one. With this
/// lower half there is nothing to take.
constexpr std::uint64_t closed = 0xffffffffu;

std::uint64_t number_of(std::uint64_t ticket) { return ticket >> 32; }
std::uint64_t part_of(std::uint64_t ticket) { return ticket & closed; }

void take_lowest_priority() {
  sched_param none{};
  pthread_setschedparam(pthread_self(), SCHED_BATCH,
                        &none); // where it is refused, the usual priority will do
}

} // namespace

/// The caller waits for parts, never for threads: a helper that the system keeps from running takes none, and
/// comes too late for nothing. What a late one reads may belong to the next work already, so it owns a part
/// only if the ticket it read is still the ticket: `share` closes the ticket before it changes anything.
struct thread_team::state {
  std::mutex guard;
  std::condition_variable begun;
  std::atomic<std::uint64_t> ticket{closed};
  std::atomic<std::uint64_t> parts{0};
  std::atomic<std::uint64_t> finished{0};
  std::atomic<const std::function<void(std::size_t)>*> work{nullptr};
  std::atomic<bool> ending{false};
  std::vector<std::thread> helpers;

  bool is_open(std::uint64_t seen) const { return part_of(seen) < parts.load() && part_of(seen) != closed; }

  void take_parts() {
    for (auto seen = ticket.load(); is_open(seen); seen = ticket.load()) {
      const auto* own = work.load();
      if (!ticket.compare_exchange_strong(seen, seen + 1))
        continue;
      (*own)(part_of(seen));
      finished.fetch_add(1);
    }
  }

  /// False when the team ends.
  bool wait_for_other_than(std::uint64_t number) {
    const auto changed = [&] { return number_of(ticket.load()) != number || ending.load(); };
    for (int look = 0; look < looks_before_sleep; ++look) {
      if (changed())
        return !ending;
      __builtin_ia32_pause();
    }
    std::unique_lock lock(guard);
    begun.wait(lock, changed);
    return !ending;
  }

  void help() {
    take_lowest_priority();
    std::uint64_t number = 0;
    while (wait_for_other_than(number)) {
      number = number_of(ticket.load());
      take_parts();
    }
  }
};

thread_team::thread_team(std::size_t threads)
    : state_(std::make_unique<state>()) {
  for (std::size_t i = 1; i < threads; ++i)
    state_->helpers.emplace_back([shared = state_.get()] { shared->help(); });
}

thread_team::~thread_team() {
  {
    const std::lock_guard lock(state_->guard);
    state_->ending = true;
  }
  state_->begun.notify_all();
  for (auto& helper : state_->helpers)
    helper.join();
}

std::size_t thread_team::threads() const noexcept { return state_->helpers.size() + 1; }

void thread_team::share(std::size_t parts, const std::function<void(std::size_t)>& work) {
  if (state_->helpers.empty() || parts <= 1) {
    for (std::size_t part = 0; part < parts; ++part)
      work(part);
    return;
  }
  ensure(parts < closed, "parts fit a ticket");
  const auto next = (number_of(state_->ticket.load()) + 1) & closed;
  state_->ticket = next << 32 | closed;
  state_->work = &work;
  state_->parts = parts;
  state_->finished = 0;
  {
    const std::lock_guard lock(state_->guard); // a helper about to sleep sees the change or hears the call
    state_->ticket = next << 32;
  }
  state_->begun.notify_all();
  state_->take_parts();
  while (state_->finished.load() < parts)
    std::this_thread::yield();
}

} // namespace troupe::kernels
