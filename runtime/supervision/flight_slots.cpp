#include "runtime/supervision/flight_slots.hpp"

#include "runtime/base/hash.hpp"

#include <atomic>
#include <cstring>
#include <new>

namespace troupe::supervision {

namespace {

constexpr char flight_magic[8] = {'t', 'r', 'o', 'u', 'p', 'e', 'F', 'R'};
constexpr std::uint32_t flight_layout = 1;

/// Which slot the turn of this thread stands in: a fatal signal is blamed on the turn of the thread that got
/// it. Constant-initialised, so that a signal handler may read it.
constinit thread_local flight_slot* slot_of_this_thread = nullptr;

std::uint64_t check_of(std::string_view agent, std::string_view subject, std::int64_t since) noexcept {
  const auto seed = static_cast<std::uint64_t>(since) ^ (std::uint64_t{agent.size()} << 48);
  return stable_hash(subject, stable_hash(agent, seed) + subject.size());
}

bool is_whole(const flight_slot& slot) noexcept {
  return slot.open == 1 && slot.agent_bytes <= sizeof slot.agent &&
         slot.subject_bytes <= sizeof slot.subject &&
         slot.check ==
             check_of({slot.agent, slot.agent_bytes}, {slot.subject, slot.subject_bytes}, slot.since);
}

template<class Block>
Block block_at(std::span<const std::byte> file, std::size_t number) noexcept {
  Block block;
  std::memcpy(&block, file.data() + number * flight_block, sizeof block);
  return block;
}

bool is_readable(const flight_header& header, std::size_t bytes) noexcept {
  return std::memcmp(header.magic, flight_magic, sizeof flight_magic) == 0 &&
         header.layout == flight_layout && header.slots <= limits::recorder_slots_max &&
         bytes == flight_slots::bytes_for(header.slots);
}

} // namespace

flight_report read_flight(std::span<const std::byte> file) {
  flight_report report;
  report.how = flight_report::ending::unreadable;
  if (file.size() < flight_block)
    return report;
  const auto header = block_at<flight_header>(file, 0);
  if (!is_readable(header, file.size()))
    return report;
  report.how = header.closed == 1 ? flight_report::ending::clean : flight_report::ending::unclean;
  report.session = header.session;
  report.signal = header.signal;
  for (std::size_t i = 1; i <= header.slots; ++i) {
    const auto slot = block_at<flight_slot>(file, i);
    if (slot.open == 0)
      continue;
    if (is_whole(slot))
      report.turns.push_back({{slot.agent, slot.agent_bytes},
                              {slot.subject, slot.subject_bytes},
                              from_ms(slot.since),
                              slot.signal});
    else
      ++report.torn;
  }
  return report;
}

flight_slots::flight_slots(std::byte* memory, std::size_t slots, std::uint64_t session) noexcept
    : header_(new (memory) flight_header{})
    , first_(new (memory + flight_block) flight_slot[slots]{})
    , slots_(slots) {
  header_->layout = flight_layout;
  header_->slots = static_cast<std::uint32_t>(slots);
  header_->session = session;
  std::memcpy(header_->magic, flight_magic, sizeof flight_magic);
}

void flight_slots::begin(std::size_t slot, std::string_view agent, std::string_view subject,
                         instant now) noexcept {
  if (slot >= slots_)
    return;
  flight_slot& s = first_[slot];
  std::atomic_ref(s.signal).store(0, std::memory_order_relaxed);
  std::atomic_ref(s.since).store(to_ms(now), std::memory_order_relaxed);
  agent = agent.substr(0, agent.copy(s.agent, sizeof s.agent));
  subject = subject.substr(0, subject.copy(s.subject, sizeof s.subject));
  s.agent_bytes = static_cast<std::uint32_t>(agent.size());
  s.subject_bytes = static_cast<std::uint32_t>(subject.size());
  // Of the sources: reading the slot back would wait for its stores, which takes three times as long.
  s.check = check_of(agent, subject, s.since);
  std::atomic_ref(s.open).store(1, std::memory_order_release);
  slot_of_this_thread = &s;
}

void flight_slots::end(std::size_t slot) noexcept {
  if (slot >= slots_)
    return;
  slot_of_this_thread = nullptr;
  std::atomic_ref(first_[slot].open).store(0, std::memory_order_release);
  std::atomic_signal_fence(std::memory_order_seq_cst); // the next turn's texts are not written before this
}

void flight_slots::mark_fatal(int signal) noexcept {
  if (slot_of_this_thread)
    std::atomic_ref(slot_of_this_thread->signal).store(signal, std::memory_order_release);
  std::atomic_ref(header_->signal).store(signal, std::memory_order_release);
}

void flight_slots::blame(std::size_t slot, instant since, int signal) noexcept {
  if (slot >= slots_)
    return;
  flight_slot& s = first_[slot];
  const bool open = std::atomic_ref(s.open).load(std::memory_order_acquire) == 1;
  if (open && std::atomic_ref(s.since).load(std::memory_order_relaxed) == to_ms(since))
    std::atomic_ref(s.signal).store(signal, std::memory_order_release);
}

void flight_slots::close() noexcept {
  for (std::size_t i = 0; i < slots_; ++i)
    end(i);
  std::atomic_ref(header_->closed).store(1, std::memory_order_release);
}

} // namespace troupe::supervision
