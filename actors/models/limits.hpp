#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// What keeps one model call or one reply from costing more than it may.
namespace troupe::models::limits {

using std::chrono::milliseconds;

// A reply that is looked through for JSON. 128k tokens are about half of it.
inline constexpr std::size_t reply_bytes = 1024 * 1024;

// A faulty reply that is quoted back to the model: it pays for every byte again.
inline constexpr std::size_t quoted_reply_bytes = 32 * 1024;

// Places in a reply where a document may begin: each costs one scan to the end.
inline constexpr int reply_candidates = 64;

// The arguments of a call: what fits a context window of a million tokens.
inline constexpr std::size_t request_bytes = 8 * 1024 * 1024;
inline constexpr std::size_t messages = 1'000;
inline constexpr std::size_t stops = 16;
inline constexpr std::size_t embed_inputs = 256;
inline constexpr std::size_t examples = 64;

// An answer on the wire: 256 embeddings of 3,072 numbers of 20 characters are 16 MiB.
inline constexpr std::size_t response_bytes = 32 * 1024 * 1024;
inline constexpr std::size_t error_body_bytes = 16 * 1024;

// One server-sent event. A chunk holds a few tokens; a whole answer in one event is the worst seen.
inline constexpr std::size_t event_bytes = 4 * 1024 * 1024;

// What of a server's or a document's own words goes into a message for people, and the whole message.
inline constexpr std::size_t quoted_bytes = 300;
inline constexpr std::size_t message_bytes = 500;

inline constexpr int reasks = 10;
inline constexpr int attempts = 21;
inline constexpr milliseconds retry_wait{60'000};

// With less time than this left an attempt would only reach the service and leave without its answer.
inline constexpr milliseconds attempt_least{20};

// Larger figures from a server are nonsense; the product with a price must stay within 64 bits.
inline constexpr std::int64_t tokens = 1'000'000'000;
inline constexpr std::int64_t price_micro = 1'000'000'000;

// How soon a canceled wait is noticed.
inline constexpr milliseconds cancel_poll{50};

} // namespace troupe::models::limits
