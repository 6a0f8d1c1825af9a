#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/base/ulid.hpp"
#include "runtime/message/dead_letter_reason.hpp"

#include <string>

namespace troupe::storage {

// The dead letter that becomes of mail whose receiver was purged: the same for the same message, always.
inline constexpr auto& unread_letter_reason = dead_letter_reason::purged;

inline std::string unread_letter_id(instant now, const agent_id& to, std::uint64_t sender_birth,
                                    std::uint64_t number) {
  return stable_ulid(now, "purged/" + to.text() + "/" + std::to_string(sender_birth) + "/" +
                              std::to_string(number));
}

inline std::string unread_letter_note(const agent_id& to) {
  return to.text() + " was purged before it read this";
}

} // namespace troupe::storage
