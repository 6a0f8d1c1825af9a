#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace troupe::kernels {

/// Byte-level vocabularies spell each byte as one visible character: "Ġ" is a space. These are the two ways.
std::string byte_level_spelled(std::string_view bytes);
char32_t byte_level_character(unsigned char byte) noexcept;
std::optional<unsigned char> byte_level_byte(char32_t c) noexcept;

/// The bytes of a token; its own ones if it holds a character outside the alphabet.
std::string byte_level_bytes(std::string_view token);

} // namespace troupe::kernels
