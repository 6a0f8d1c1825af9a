#pragma once

#include <string_view>

/// Why a message could not be applied. A closed set: the CLI documents each, metrics are labelled with them.
namespace troupe::dead_letter_reason {

inline constexpr std::string_view unknown_kind = "unknown_kind"; // no such kind on this node
inline constexpr std::string_view unknown_type = "unknown_type"; // the kind has no handler for it
inline constexpr std::string_view unreadable = "unreadable";     // the envelope cannot be decoded
inline constexpr std::string_view crashed = "agent.crashed";     // its handler crashed three times
inline constexpr std::string_view effect_failed =
    "effect_failed";                                       // its handler failed, nobody waits for a reply
inline constexpr std::string_view stopped = "stopped";     // the agent was stopped
inline constexpr std::string_view failed = "failed";       // the agent failed and was not restarted
inline constexpr std::string_view purged = "purged";       // the agent was purged
inline constexpr std::string_view abandoned = "abandoned"; // an operator abandoned its task
inline constexpr std::string_view signal_unclaimed = "signal_unclaimed"; // no wait took it in time
inline constexpr std::string_view overloaded = "overloaded";             // a store inside the agent is full

} // namespace troupe::dead_letter_reason
