#include "kernels/unicode/properties.hpp"

#include <array>
#include <string>
#include <unicode/uchar.h>
#include <unicode/uscript.h>

namespace troupe::kernels::unicode {

namespace {

UChar32 of(char32_t c) noexcept { return static_cast<UChar32>(c); }
char32_t back(UChar32 c) noexcept { return static_cast<char32_t>(c); }

const std::array<category_set, 128>& ascii_categories() noexcept {
  static const auto table = [] {
    std::array<category_set, 128> bits{};
    for (char32_t c = 0; c < bits.size(); ++c)
      bits[c] = U_GET_GC_MASK(of(c));
    return bits;
  }();
  return table;
}

} // namespace

namespace categories {
const category_set letter = U_GC_L_MASK;
const category_set mark = U_GC_M_MASK;
const category_set number = U_GC_N_MASK;
const category_set punctuation = U_GC_P_MASK;
const category_set symbol = U_GC_S_MASK;
const category_set separator = U_GC_Z_MASK;
const category_set other = U_GC_C_MASK;
const category_set decimal_digit = U_GC_ND_MASK;
const category_set nonspacing_mark = U_GC_MN_MASK;
const category_set space_separator = U_GC_ZS_MASK;
const category_set connector_punctuation = U_GC_PC_MASK;
} // namespace categories

category_set category_of(char32_t c) noexcept {
  return c < 128 ? ascii_categories()[c] : U_GET_GC_MASK(of(c));
}

std::optional<category_set> category_named(std::string_view name) {
  if (name == "Any")
    return ~category_set{0};
  const auto mask = u_getPropertyValueEnum(UCHAR_GENERAL_CATEGORY_MASK, std::string(name).c_str());
  if (mask == UCHAR_INVALID_CODE)
    return std::nullopt;
  return static_cast<category_set>(mask);
}

bool is_white_space(char32_t c) noexcept {
  if (c < 128)
    return c == ' ' || (c >= 9 && c <= 13);
  return u_isUWhiteSpace(of(c)) != 0;
}

std::optional<int> script_named(std::string_view name) {
  const auto code = u_getPropertyValueEnum(UCHAR_SCRIPT, std::string(name).c_str());
  return code == UCHAR_INVALID_CODE ? std::nullopt : std::optional<int>(code);
}

int script_of(char32_t c) noexcept { return u_getIntPropertyValue(of(c), UCHAR_SCRIPT); }

char32_t folded(char32_t c) noexcept { return back(u_foldCase(of(c), U_FOLD_CASE_DEFAULT)); }
char32_t lowered(char32_t c) noexcept { return back(u_tolower(of(c))); }
char32_t uppered(char32_t c) noexcept { return back(u_toupper(of(c))); }
char32_t titled(char32_t c) noexcept { return back(u_totitle(of(c))); }

bool is_cased(char32_t c) noexcept { return is_lower(c) || is_upper(c) || u_istitle(of(c)) != 0; }
bool is_lower(char32_t c) noexcept { return u_isULowercase(of(c)) != 0; }
bool is_upper(char32_t c) noexcept { return u_isUUppercase(of(c)) != 0; }

std::optional<int> decimal_value(char32_t c) noexcept {
  const auto value = u_charDigitValue(of(c));
  return value < 0 ? std::nullopt : std::optional<int>(value);
}

bool is_digit(char32_t c) noexcept {
  const auto type = u_getIntPropertyValue(of(c), UCHAR_NUMERIC_TYPE);
  return type == U_NT_DECIMAL || type == U_NT_DIGIT;
}

bool is_numeric(char32_t c) noexcept { return u_getIntPropertyValue(of(c), UCHAR_NUMERIC_TYPE) != U_NT_NONE; }

bool begins_identifier(char32_t c) noexcept {
  return c == '_' || u_hasBinaryProperty(of(c), UCHAR_XID_START) != 0;
}

bool continues_identifier(char32_t c) noexcept { return u_hasBinaryProperty(of(c), UCHAR_XID_CONTINUE) != 0; }

} // namespace troupe::kernels::unicode
