#pragma once

#include <chrono>
#include <cstddef>

/// What one action of a built-in agent may take, beside what the node's settings say.
namespace troupe::builtin::limits {

// Servers and proxies stop at 8 KiB; longer things belong into the body.
inline constexpr std::size_t url_bytes = 8 * 1024;
inline constexpr std::size_t headers = 64;
inline constexpr std::size_t header_bytes = 8 * 1024;

// What of an answer goes into a message for people.
inline constexpr std::size_t excerpt_bytes = 300;

// One mail: people write kilobytes; what is larger is an attachment, and there are none.
inline constexpr std::size_t mail_body_bytes = 1024 * 1024;
inline constexpr std::size_t mail_recipients = 100;
inline constexpr std::size_t mail_address_bytes = 254; // RFC 5321
inline constexpr std::size_t mail_subject_bytes = 1'000;

// A command line; the kernel takes more, but no person reads it.
inline constexpr std::size_t command_arguments = 256;
inline constexpr std::size_t command_argument_bytes = 64 * 1024;

} // namespace troupe::builtin::limits
