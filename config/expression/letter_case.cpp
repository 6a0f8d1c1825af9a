#include "config/expression/letter_case.hpp"

#include "config/result.hpp"

#include <algorithm>
#include <memory>
#include <unicode/ucasemap.h>

namespace troupe::expression {
namespace {

using mapping = decltype(&ucasemap_utf8ToLower);

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::string mapped(std::string_view text, mapping apply) {
  auto status = U_ZERO_ERROR;
  const std::unique_ptr<UCaseMap, decltype(&ucasemap_close)> rules(ucasemap_open("", 0, &status),
                                                                   ucasemap_close);
  ensure(U_SUCCESS(status) != 0, "ICU has the letter case of every language");
  const auto size = static_cast<std::int32_t>(text.size());
  std::string to(text.size() + 16, '\0');
  const auto write = [&] {
    status = U_ZERO_ERROR;
    return apply(rules.get(), to.data(), static_cast<std::int32_t>(to.size()), text.data(), size, &status);
  };
  std::int32_t length = write();
  if (status == U_BUFFER_OVERFLOW_ERROR) {
    to.resize(static_cast<std::size_t>(length));
    length = write();
  }
  ensure(U_SUCCESS(status) != 0, "ICU maps any UTF-8");
  to.resize(static_cast<std::size_t>(length));
  return to;
}

std::string shifted(std::string_view text, char first, char last, int by) {
  std::string to(text);
  for (char& c : to)
    c = static_cast<char>(c >= first && c <= last ? c + by : c);
  return to;
}

} // namespace

std::string to_lower(std::string_view text) {
  return is_ascii(text) ? shifted(text, 'A', 'Z', 'a' - 'A') : mapped(text, ucasemap_utf8ToLower);
}

std::string to_upper(std::string_view text) {
  return is_ascii(text) ? shifted(text, 'a', 'z', 'A' - 'a') : mapped(text, ucasemap_utf8ToUpper);
}

} // namespace troupe::expression
