#include "runtime/secrets/secret_vault.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <sodium.h>

namespace troupe {
namespace {

constexpr std::string_view opening = "${{ secrets.";
constexpr std::string_view closing = " }}";
constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t proof_bytes = 16;

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct found_reference {
  std::string_view name;
  std::string_view proof;
  std::size_t end = 0;
};

/// What stands at `at`, if it has a reference's shape.
std::optional<found_reference> read_reference(std::string_view text, std::size_t at) {
  const auto begin = at + opening.size();
  const auto colon = text.find(':', begin);
  if (colon == std::string_view::npos || colon - begin > name_bytes_max)
    return std::nullopt;
  const auto proof = text.substr(colon + 1, 2 * proof_bytes);
  const auto end = colon + 1 + 2 * proof_bytes;
  if (proof.size() < 2 * proof_bytes || text.substr(end, closing.size()) != closing)
    return std::nullopt;
  if (proof.find_first_not_of("0123456789abcdef") != std::string_view::npos)
    return std::nullopt;
  const auto name = text.substr(begin, colon - begin);
  if (!is_secret_name(name))
    return std::nullopt;
  return found_reference{name, proof, end + closing.size()};
}

} // namespace

bool is_secret_name(std::string_view name) noexcept {
  return !name.empty() && name.size() <= name_bytes_max && std::all_of(name.begin(), name.end(), is_word) &&
         !(name[0] >= '0' && name[0] <= '9');
}

secret_vault::secret_vault(const secret_key& key, secret_source source)
    : key_(key)
    , source_(std::move(source)) {}

std::string secret_vault::proof(std::string_view name, std::string_view bound_to) const {
  std::string said = "troupe secret reference";
  said += '\0';
  said += name;
  said += '\0';
  said += bound_to;
  std::array<unsigned char, proof_bytes> hash{};
  crypto_generichash(hash.data(), hash.size(), reinterpret_cast<const unsigned char*>(said.data()),
                     said.size(), key_.data(), key_.size());
  std::string hex;
  for (const unsigned char byte : hash) {
    hex += "0123456789abcdef"[byte >> 4];
    hex += "0123456789abcdef"[byte & 15];
  }
  return hex;
}

std::string secret_vault::make_reference(std::string_view name, std::string_view bound_to) const {
  std::string made(opening);
  made += name;
  made += ':';
  made += proof(name, bound_to);
  made += closing;
  return made;
}

result<std::string> secret_vault::resolve(std::string_view text, std::string_view bound_to,
                                          std::vector<std::string>& used) const {
  std::string made;
  std::size_t done = 0;
  for (auto at = text.find(opening); at != std::string_view::npos; at = text.find(opening, at)) {
    const auto found = read_reference(text, at);
    if (!found) {
      at += opening.size();
      continue;
    }
    const auto wanted = proof(found->name, bound_to);
    const std::string name(found->name);
    if (sodium_memcmp(wanted.data(), found->proof.data(), wanted.size()) != 0)
      return fail(fault::refused, "a reference to the secret " + name + " was not made for this agent",
                  "write secrets." + name + " in the step that uses it");
    auto value = source_(name);
    if (!value)
      return value;
    made.append(text.substr(done, at - done));
    made += *value;
    used.push_back(std::move(*value));
    at = done = found->end;
  }
  made.append(text.substr(done));
  return made;
}

result<std::string> revealed_secrets::reveal(std::string_view text) {
  return vault_.resolve(text, bound_to_, used_);
}

result<json> revealed_secrets::reveal(const json& arguments) {
  if (arguments.is_string()) {
    auto text = reveal(std::string_view(arguments.get_ref<const std::string&>()));
    if (!text)
      return tl::unexpected(text.error());
    return json(std::move(*text));
  }
  if (!arguments.is_structured())
    return arguments;
  json made = arguments;
  for (auto& part : made) {
    auto revealed = reveal(part);
    if (!revealed)
      return revealed;
    part = std::move(*revealed);
  }
  return made;
}

std::string revealed_secrets::hide(std::string text) const {
  constexpr std::string_view mask = "***";
  const auto strike = [&](const std::string& secret) {
    for (auto at = text.find(secret); !secret.empty() && at != std::string::npos; at = text.find(secret, at))
      text.replace(at, secret.size(), mask), at += mask.size();
  };
  for (const auto& secret : used_) {
    strike(secret);
    const auto quoted = json(secret).dump(-1, ' ', false, json::error_handler_t::replace);
    if (quoted.size() > secret.size() + 2) // as it stands in JSON, escapes and all
      strike(quoted.substr(1, quoted.size() - 2));
  }
  return text;
}

} // namespace troupe
