#include "storage/turn_account.hpp"

#include <numeric>

namespace troupe::storage {

std::uint64_t messages_taken(const journal::turn_commit& turn) {
  return std::accumulate(turn.marks.begin(), turn.marks.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const auto& m) { return sum + (m.to - m.from); });
}

std::string unaccounted(const journal::turn_commit& turn) {
  for (const journal::mark_advance& m : turn.marks)
    if (m.to <= m.from)
      return "a mark moves forward only";
  const std::uint64_t taken = messages_taken(turn);
  const std::uint64_t used = std::uint64_t{turn.applied} + turn.skipped;
  if (used <= taken && taken <= used + turn.dead_letters.size())
    return {};
  return "the turn takes " + std::to_string(taken) + " messages but accounts for " + std::to_string(used) +
         " and at most " + std::to_string(turn.dead_letters.size()) + " dead letters";
}

std::size_t payload_bytes(const journal::turn_commit& turn) {
  std::size_t sum = 0;
  for (const auto& row : turn.puts)
    sum += row.body.size();
  for (const auto& row : turn.outbox)
    sum += row.envelope.size();
  for (const auto& effect : turn.effects)
    sum += effect.body.size();
  for (const auto& letter : turn.dead_letters)
    sum += letter.envelope.size();
  return sum;
}

} // namespace troupe::storage
