#pragma once

#include <cstdint>

/// A page carries its own checksum in the eight bytes SQLite reserves at its end.
namespace troupe::storage::page_checksum {

inline constexpr int reserved_bytes = 8;

/// Seals a page of limits::page_bytes that is about to be written as page `number`.
void seal(std::uint8_t* page, std::uint32_t number) noexcept;

/// Whether the page is what was sealed as page `number`: its content and its place.
bool intact(const std::uint8_t* page, std::uint32_t number) noexcept;

/// SQLite's own tools are kept from writing (they do not know the checksum): on disk the first page says
/// write version 3, which every SQLite opens read-only. Within this process it says 2, the write-ahead log.
void guard_header(std::uint8_t* first_page) noexcept;
void unguard_header(std::uint8_t* first_page) noexcept;

/// Whether the unsealed first 100 bytes hold the constants the pager relies on before it reads a whole page.
bool plausible_header(const std::uint8_t* header) noexcept;

} // namespace troupe::storage::page_checksum
