#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace troupe::kernels::unicode {

/// What stands for bytes that are no character.
inline constexpr char32_t replacement = 0xfffd;

/// The character at `at`, which is moved behind it. A byte that begins no whole character is taken alone, as
/// `replacement`. `at` must lie within the text.
char32_t next(std::string_view text, std::size_t& at) noexcept;

/// The character that ends at `at`, which is moved in front of it; 0 < at <= size of a text that is valid.
char32_t previous(std::string_view text, std::size_t& at) noexcept;

void append(std::string& to, char32_t c);
std::string encoded(char32_t c);
std::u32string decoded(std::string_view text);

/// How many characters; every byte that is part of none counts as one.
std::size_t length(std::string_view text) noexcept;

/// The place of the first byte that is part of no character; npos if there is none.
std::size_t first_invalid(std::string_view text) noexcept;

/// How much of the text may be shown: less than all of it only if it ends within a character that could still
/// become whole.
std::size_t whole_prefix(std::string_view text) noexcept;

/// Each longest beginning of a character that does not go on becomes one `replacement`.
std::string repaired(std::string_view text);

} // namespace troupe::kernels::unicode
