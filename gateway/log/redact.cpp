#include "gateway/log/redact.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string>

namespace troupe::gateway {

namespace {

constexpr std::string_view struck_out = "[redacted]";

// Matched inside the key without its punctuation, so that apiKey, api_key and X-API-Key are one.
constexpr std::array<std::string_view, 11> telling{"password",  "passwd",     "secret",    "apikey",
                                                   "accesskey", "privatekey", "token",     "authorization",
                                                   "cookie",    "credential", "passphrase"};
std::string letters_of(std::string_view key) {
  std::string out;
  for (unsigned char c : key)
    if (std::isalnum(c))
      out += static_cast<char>(std::tolower(c));
  return out;
}

} // namespace

bool names_a_secret(std::string_view key) {
  const auto name = letters_of(key);
  const auto inside = [&](std::string_view word) { return name.find(word) != name.npos; };
  return std::ranges::any_of(telling, inside);
}

void redact(nlohmann::json& value) {
  if (value.is_array())
    std::ranges::for_each(value, [](auto& item) { redact(item); });
  if (!value.is_object())
    return;
  for (auto& [key, inner] : value.items()) {
    // A number under such a name counts something: a model's tokens.
    if (names_a_secret(key) && !inner.is_number())
      inner = struck_out;
    else
      redact(inner);
  }
}

} // namespace troupe::gateway
