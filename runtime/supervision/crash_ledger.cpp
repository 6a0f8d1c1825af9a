#include "runtime/supervision/crash_ledger.hpp"

#include "config/result.hpp"

#include <utility>

namespace troupe::supervision {

namespace {

constexpr std::string_view message_prefix = "m:";
constexpr std::string_view task_prefix = "t:";

std::string all_of_task(std::string_view task) { return std::string(task_prefix) + std::string(task) + ":"; }

} // namespace

std::string message_subject(std::uint64_t sender_birth, std::uint64_t number) {
  return std::string(message_prefix) + std::to_string(sender_birth) + ":" + std::to_string(number);
}

std::string task_subject(std::string_view task, std::uint64_t resolution) {
  return all_of_task(task) + std::to_string(resolution);
}

std::string_view task_of_subject(std::string_view subject) noexcept {
  const std::size_t colon = subject.rfind(':');
  if (!subject.starts_with(task_prefix) || colon < task_prefix.size())
    return {};
  return subject.substr(task_prefix.size(), colon - task_prefix.size());
}

crash_ledger::crash_ledger(std::uint32_t limit)
    : limit_(limit) {
  ensure(limit > 0, "a message may crash its handler at least once");
}

void crash_ledger::load(std::string subject, std::uint32_t count) {
  counts_.insert_or_assign(std::move(subject), count);
}

crash_ledger::ruling crash_ledger::crashed(const std::string& subject) {
  const std::uint32_t now = count(subject) + 1;
  const bool must_end = now >= limit_;
  if (must_end)
    counts_.erase(subject);
  else
    counts_.insert_or_assign(subject, now);
  return {now, must_end};
}

bool crash_ledger::settled(std::string_view subject) {
  const auto found = counts_.find(subject);
  if (found == counts_.end())
    return false;
  counts_.erase(found);
  return true;
}

std::size_t crash_ledger::task_settled(std::string_view task) {
  const std::string prefix = all_of_task(task);
  return std::erase_if(counts_, [&](const auto& row) { return row.first.starts_with(prefix); });
}

std::uint32_t crash_ledger::count(std::string_view subject) const {
  const auto found = counts_.find(subject);
  return found == counts_.end() ? 0 : found->second;
}

} // namespace troupe::supervision
