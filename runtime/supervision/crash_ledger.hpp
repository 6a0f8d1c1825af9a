#pragma once

#include "config/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace troupe::supervision {

/// What a crash is counted against. Text, because it is a row's key and stands in the flight recorder.
std::string message_subject(std::uint64_t sender_birth, std::uint64_t number);
std::string task_subject(std::string_view task, std::uint64_t resolution);

/// The task of a task's subject; empty for a message's. A task is ended whole, a message alone.
std::string_view task_of_subject(std::string_view subject) noexcept;

/// Crashes of one agent by subject. It decides and remembers; the agent's cell stores each count as a row, in
/// a commit before the subject is tried again, and hands the rows in on activation.
class crash_ledger {
public:
  explicit crash_ledger(std::uint32_t limit = troupe::limits::poison_crashes_max);

  struct ruling {
    std::uint32_t count = 0; // to store
    bool must_end = false;   // the message becomes a dead letter, the task is ended whole
  };

  /// A stored count.
  void load(std::string subject, std::uint32_t count);

  /// Counts one more. Once it must end, the subject is forgotten here: the commit that ends it erases the
  /// row.
  ruling crashed(const std::string& subject);

  /// Its turn has been committed, or it ended otherwise. True: there is a row to erase.
  bool settled(std::string_view subject);

  /// The task ended: all its subjects are settled. Their number is that of rows to erase.
  std::size_t task_settled(std::string_view task);

  std::uint32_t count(std::string_view subject) const;
  const std::map<std::string, std::uint32_t, std::less<>>& rows() const noexcept { return counts_; }

private:
  std::uint32_t limit_;
  std::map<std::string, std::uint32_t, std::less<>> counts_;
};

} // namespace troupe::supervision
