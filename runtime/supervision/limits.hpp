#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Limits of supervision that nobody needs to move, each with the reason for its size.
namespace troupe::supervision::limits {

/// Children of one supervisor. They restart together under one_for_all: more than this is a kind, not a
/// group, and each look-up walks the list.
inline constexpr std::size_t children_max = 1'000;

/// Supervisors above a supervisor. Each level multiplies the restarts before the top gives up: 3 per level in
/// eight levels are already 65,536 restarts.
inline constexpr std::size_t depth_max = 8;

/// A supervisor's name is a label of metrics and a word in logs.
inline constexpr std::size_t name_bytes_max = 128;

/// Restarts one window can hold: each is remembered with its time.
inline constexpr std::uint32_t restarts_max = 1'000;

/// A window longer than a day outlives most processes, and nothing of it is stored.
inline constexpr std::chrono::hours window_max{24};

/// A child that waits longer than a day for its restart should have been given up.
inline constexpr std::chrono::hours backoff_max{24};

/// Threads that may run turns at once, and so slots of a flight recorder: more than any machine we know has
/// cores, and still a file of 129 KiB.
inline constexpr std::size_t recorder_slots_max = 256;

/// Nodes in one process that record; more than a test of a whole cluster uses.
inline constexpr std::size_t recordings_max = 16;

/// `@tenant/kind/key` with 256 bytes of names and its three marks, rounded up to a multiple of eight.
inline constexpr std::size_t recorder_agent_bytes_max = 264;

/// What is left of a slot of 512 bytes. The longest subject, a task's, has 49.
inline constexpr std::size_t recorder_subject_bytes_max = 216;

/// Alternate stack of the fatal handler: the kernel's own frame takes up to 11 KiB with AMX registers.
inline constexpr std::size_t fatal_stack_bytes = std::size_t{64} * 1024;

} // namespace troupe::supervision::limits
