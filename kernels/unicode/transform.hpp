#pragma once

#include <string>
#include <string_view>

/// Whole texts changed by Unicode's rules. Bytes that are no character become U+FFFD.
namespace troupe::kernels::unicode {

enum class form : unsigned char { nfc, nfd, nfkc, nfkd };

std::string normalized(std::string_view text, form wanted);

/// Full mappings of no language: a character may become several, and a final sigma is one.
std::string to_lower(std::string_view text);
std::string to_upper(std::string_view text);
std::string case_folded(std::string_view text);

} // namespace troupe::kernels::unicode
