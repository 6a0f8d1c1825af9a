#pragma once

#include <cstddef>
#include <cstdint>

/// CAF 0.17.6 alone: the figures that an agent is held against.
namespace troupe::bench::raw_caf {

/// CAF's own default steals work: workers poll. A node shares it: workers sleep, and are woken for each
/// message.
enum class scheduler { steals, shares };

/// One-way messages a second: `senders` actors to one, `each` of them.
double tells_per_second(std::size_t senders, std::uint64_t each);

/// Requests a second of one actor to another, one after the other, each with a time-out of ten seconds.
double asks_per_second(scheduler how, std::uint64_t requests);

struct crowd {
  double bytes_each = 0;
  double spawned_per_second = 0;
};
/// Actors that wait for their first message.
crowd idle(std::size_t actors);

} // namespace troupe::bench::raw_caf
