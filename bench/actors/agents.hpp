#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

/// The same with agents: a whole node on SQLite in `folder`, which is emptied first.
namespace troupe::bench::agents {

using folder = std::filesystem::path;

/// `ctx.tell`: ephemeral, from `senders` agents to one, about `each` of them.
double tells_per_second(const folder& in, std::size_t senders, std::uint64_t each);

/// `ctx.query` with a deadline of ten seconds, one after the other.
double asks_per_second(const folder& in, std::uint64_t queries);

struct crowd {
  double bytes_each = 0;
  double activated_per_second = 0; // each of them a row on disk
};
/// Agents that wait for their first message.
crowd idle(const folder& in, std::size_t count);
/// The same, after they have been passivated.
crowd passive(const folder& in, std::size_t count);

} // namespace troupe::bench::agents
