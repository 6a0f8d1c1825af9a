#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

/// What Unicode says about single characters, in the version of the ICU library that is linked.
namespace troupe::kernels::unicode {

/// General categories as a set of bits.
using category_set = std::uint32_t;

/// One bit.
category_set category_of(char32_t c) noexcept;

/// "L", "Lu", "Letter" …; "Any" is every bit.
std::optional<category_set> category_named(std::string_view name);

namespace categories {
extern const category_set letter, mark, number, punctuation, symbol, separator, other;
extern const category_set decimal_digit, nonspacing_mark, space_separator, connector_punctuation;
} // namespace categories

inline bool is_in(char32_t c, category_set wanted) noexcept { return (category_of(c) & wanted) != 0; }

bool is_white_space(char32_t c) noexcept;

/// ICU's number of a script by its name; nothing if there is no such script.
std::optional<int> script_named(std::string_view name);
int script_of(char32_t c) noexcept;

/// Simple mappings: always one character.
char32_t folded(char32_t c) noexcept;
char32_t lowered(char32_t c) noexcept;
char32_t uppered(char32_t c) noexcept;
char32_t titled(char32_t c) noexcept;

bool is_cased(char32_t c) noexcept;
bool is_lower(char32_t c) noexcept;
bool is_upper(char32_t c) noexcept;

/// The value of a character that stands for 0 to 9 in some script.
std::optional<int> decimal_value(char32_t c) noexcept;
/// Also superscripts and other digits that are no decimal ones.
bool is_digit(char32_t c) noexcept;
/// Also fractions and number words.
bool is_numeric(char32_t c) noexcept;

/// May stand first in a name, or later in it.
bool begins_identifier(char32_t c) noexcept;
bool continues_identifier(char32_t c) noexcept;

} // namespace troupe::kernels::unicode
