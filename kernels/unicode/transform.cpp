#include "kernels/unicode/transform.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

namespace troupe::kernels::unicode {

namespace {

std::u16string to_utf16(std::string_view text) {
  std::u16string wide;
  wide.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto c = next(text, at);
    if (c < 0x10000) {
      wide.push_back(static_cast<char16_t>(c));
    } else {
      wide.push_back(static_cast<char16_t>(0xd7c0 + (c >> 10)));
      wide.push_back(static_cast<char16_t>(0xdc00 + (c & 0x3ff)));
    }
  }
  return wide;
}

std::string to_utf8(std::u16string_view wide) {
  std::string text;
  text.reserve(wide.size());
  for (std::size_t i = 0; i < wide.size(); ++i) {
    char32_t c = wide[i];
    if (c >= 0xd800 && c < 0xdc00 && i + 1 < wide.size())
      c = ((c - 0xd7c0) << 10) + (wide[++i] - 0xdc00u);
    append(text, c);
  }
  return text;
}

/// Runs a function of ICU's once to learn the length and once more if the first guess was too short.
template<class Function>
std::string changed(std::string_view text, Function function) {
  const auto wide = to_utf16(text);
  if (wide.size() > std::numeric_limits<std::int32_t>::max() / 4)
    throw std::length_error("text beyond what ICU counts");
  const auto size = static_cast<std::int32_t>(wide.size());
  std::u16string out(wide.size() + 16, u'\0');
  for (int attempt = 0; attempt < 2; ++attempt) {
    UErrorCode status = U_ZERO_ERROR;
    const auto length =
        function(wide.data(), size, out.data(), static_cast<std::int32_t>(out.size()), &status);
    if (status != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(status))
      throw std::runtime_error(u_errorName(status));
    const bool fits = static_cast<std::size_t>(length) <= out.size();
    out.resize(static_cast<std::size_t>(length));
    if (fits)
      return to_utf8(out);
  }
  throw std::runtime_error("ICU named two lengths for one text");
}

const UNormalizer2* normalizer_of(form wanted, UErrorCode* status) {
  switch (wanted) {
  case form::nfc:
    return unorm2_getNFCInstance(status);
  case form::nfd:
    return unorm2_getNFDInstance(status);
  case form::nfkc:
    return unorm2_getNFKCInstance(status);
  case form::nfkd:
    return unorm2_getNFKDInstance(status);
  }
  return nullptr;
}

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

} // namespace

std::string normalized(std::string_view text, form wanted) {
  if (is_ascii(text))
    return std::string(text);
  UErrorCode status = U_ZERO_ERROR;
  const auto* normalizer = normalizer_of(wanted, &status);
  if (U_FAILURE(status))
    throw std::runtime_error(u_errorName(status));
  return changed(text, [normalizer](const char16_t* in, std::int32_t size, char16_t* out, std::int32_t room,
                                    UErrorCode* code) {
    return unorm2_normalize(normalizer, in, size, out, room, code);
  });
}

std::string to_lower(std::string_view text) {
  return changed(text, [](const char16_t* in, std::int32_t size, char16_t* out, std::int32_t room,
                          UErrorCode* code) { return u_strToLower(out, room, in, size, "", code); });
}

std::string to_upper(std::string_view text) {
  return changed(text, [](const char16_t* in, std::int32_t size, char16_t* out, std::int32_t room,
                          UErrorCode* code) { return u_strToUpper(out, room, in, size, "", code); });
}

std::string case_folded(std::string_view text) {
  return changed(
      text, [](const char16_t* in, std::int32_t size, char16_t* out, std::int32_t room, UErrorCode* code) {
        return u_strFoldCase(out, room, in, size, U_FOLD_CASE_DEFAULT, code);
      });
}

} // namespace troupe::kernels::unicode
