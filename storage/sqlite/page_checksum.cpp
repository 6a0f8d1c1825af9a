#include "storage/sqlite/page_checksum.hpp"

#include "storage/limits.hpp"

#include <algorithm>
#include <cstring>
#include <xxhash.h>

namespace troupe::storage::page_checksum {
namespace {

constexpr std::size_t content_bytes = limits::page_bytes - reserved_bytes;

// Offsets within the database header (sqlite.org/fileformat2.html §1.3).
constexpr std::size_t page_size_at = 16;
constexpr std::size_t write_version_at = 18;
constexpr std::size_t reserved_at = 20;
constexpr std::size_t largest_root_at = 52; // non-zero only with auto-vacuum, which we never use
constexpr std::size_t incremental_at = 64;

constexpr std::uint8_t wal_version = 2;
constexpr std::uint8_t read_only_version = 3;

std::uint64_t sum(const std::uint8_t* page, std::uint32_t number) noexcept {
  return XXH3_64bits_withSeed(page, content_bytes, number);
}

bool all_zero(const std::uint8_t* at, std::size_t count) noexcept {
  return std::all_of(at, at + count, [](std::uint8_t b) { return b == 0; });
}

} // namespace

void seal(std::uint8_t* page, std::uint32_t number) noexcept {
  const std::uint64_t value = sum(page, number);
  std::memcpy(page + content_bytes, &value, sizeof value);
}

bool intact(const std::uint8_t* page, std::uint32_t number) noexcept {
  const std::uint64_t value = sum(page, number);
  return std::memcmp(page + content_bytes, &value, sizeof value) == 0;
}

void guard_header(std::uint8_t* first_page) noexcept {
  if (first_page[write_version_at] == wal_version)
    first_page[write_version_at] = read_only_version;
}

void unguard_header(std::uint8_t* first_page) noexcept {
  if (first_page[write_version_at] == read_only_version)
    first_page[write_version_at] = wal_version;
}

bool plausible_header(const std::uint8_t* header) noexcept {
  const int page_size = header[page_size_at] << 8 | header[page_size_at + 1];
  return page_size == limits::page_bytes && header[reserved_at] == reserved_bytes &&
         all_zero(header + largest_root_at, 4) && all_zero(header + incremental_at, 4);
}

} // namespace troupe::storage::page_checksum
