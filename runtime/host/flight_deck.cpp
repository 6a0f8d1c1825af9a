#include "runtime/host/flight_deck.hpp"

#include <csignal>

namespace troupe::host {

result<void> flight_deck::open(const std::string& file) {
  if (file.empty())
    return {};
  auto opened = supervision::flight_recorder::open(file, slots);
  if (!opened)
    return tl::unexpected(opened.error());
  recorder_.emplace(std::move(*opened));
  return {};
}

const supervision::flight_report* flight_deck::previous() const {
  return recorder_ ? &recorder_->previous() : nullptr;
}

result<void> flight_deck::start(std::uint64_t session) {
  if (!recorder_)
    return {};
  if (auto started = recorder_->start(session); !started)
    return started;
  auto installed = supervision::fatal_handlers::install(*recorder_);
  if (!installed)
    return tl::unexpected(installed.error());
  handlers_.emplace(std::move(*installed));
  recording_.store(true, std::memory_order_release);
  return {};
}

void flight_deck::close() {
  recording_.store(false, std::memory_order_release);
  handlers_.reset();
  if (recorder_)
    recorder_->close();
}

void flight_deck::turn_begins(const std::string& agent, const std::string& subject, instant now) {
  auto at = supervision::this_thread_slot();
  if (recording_.load(std::memory_order_acquire))
    recorder_->begin(at, agent, subject, now);
  if (at >= slots)
    return;
  std::lock_guard guard(slots_[at].lock);
  slots_[at].running = true;
  slots_[at].turn.agent = agent;
  slots_[at].turn.subject = subject;
  slots_[at].turn.since = now;
}

void flight_deck::turn_ends() {
  auto at = supervision::this_thread_slot();
  if (recording_.load(std::memory_order_acquire))
    recorder_->end(at);
  if (at >= slots)
    return;
  std::lock_guard guard(slots_[at].lock);
  slots_[at].running = false;
}

std::vector<stuck_turn> flight_deck::running_since_before(instant limit) const {
  std::vector<stuck_turn> stuck;
  for (const auto& s : slots_) {
    std::lock_guard guard(s.lock);
    if (s.running && s.turn.since < limit)
      stuck.push_back(s.turn);
  }
  return stuck;
}

bool flight_deck::blame_running_since_before(instant limit) {
  bool any = false;
  for (std::size_t at = 0; at < slots; ++at) {
    std::lock_guard guard(slots_[at].lock);
    if (!slots_[at].running || slots_[at].turn.since >= limit)
      continue;
    any = true;
    if (recording_.load(std::memory_order_acquire))
      recorder_->blame(at, slots_[at].turn.since, SIGABRT);
  }
  return any;
}

} // namespace troupe::host
