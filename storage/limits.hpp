#pragma once

#include <cstddef>
#include <cstdint>

/// Every bound of the stores in one place, each with its reason.
namespace troupe::storage::limits {

// SQLite writes whole pages; 4 KiB is what file systems and disks write without reading first.
inline constexpr int page_bytes = 4096;

// Turns in one transaction. Beyond this the shared fsync is amortised and only the latency of the first
// grows.
inline constexpr std::size_t group_max = 512;

// The same on PostgreSQL, where a group is one statement: larger ones only wait longer for its planner-free
// but linear work.
inline constexpr std::size_t postgres_group_max = 256;

// Payload bytes in one transaction: keeps the dirty pages of a group in the writer's cache (nothing may
// spill).
inline constexpr std::size_t group_bytes = 16u << 20;

// Bodies above this go to the blob table once per content, so that hot tables stay dense.
inline constexpr std::size_t blob_threshold = 32u << 10;

// Stream numbers remembered by the writer; a miss costs three look-ups, so forgetting all is cheap and
// simple.
inline constexpr std::size_t cached_streams = 65'536;

// Agents whose epoch the writer remembers, in the same way; a miss costs one look-up.
inline constexpr std::size_t cached_agents = 65'536;

// Reads waiting for a reader. A caller beyond that is told `overloaded` instead of queueing without end.
inline constexpr std::size_t waiting_reads = 65'536;

// Items in one page of any list: what one answer may hold in memory.
inline constexpr std::size_t page_items = 10'000;

// Write-ahead log at which the pages move into the main file; well past that, something holds it open.
inline constexpr std::int64_t wal_checkpoint_bytes = 16 << 20;
inline constexpr std::int64_t wal_alarm_bytes = 32 * wal_checkpoint_bytes;

// Page cache per connection, in KiB: the writer keeps its working set, readers only index pages.
inline constexpr int writer_cache_kib = 65'536;
inline constexpr int reader_cache_kib = 8'192;

// Frames gathered before one write call; larger groups are written in pieces. SQLite's file layer takes at
// most 128 KiB less one byte at a time.
inline constexpr std::size_t wal_gather_bytes = 120u << 10;

// Another process may hold a read lock for a moment (the sqlite3 shell); longer than that is a failure.
inline constexpr int busy_wait_ms = 2'000;

} // namespace troupe::storage::limits
