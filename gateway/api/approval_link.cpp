#include "gateway/api/approval_link.hpp"

#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"

#include <nlohmann/json.hpp>
#include <sodium.h>

namespace troupe::gateway {

namespace {

using mac = std::array<unsigned char, crypto_auth_BYTES>;
constexpr int url_safe = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

std::string encoded(const unsigned char* bytes, std::size_t size) {
  std::string text(sodium_base64_encoded_len(size, url_safe), '\0');
  sodium_bin2base64(text.data(), text.size(), bytes, size, url_safe);
  text.pop_back(); // its NUL
  return text;
}

std::string encoded(std::string_view text) {
  return encoded(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

std::optional<std::string> decoded(std::string_view text) {
  std::string bytes(text.size(), '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                        text.size(), nullptr, &size, &end, url_safe) != 0 ||
      end != text.data() + text.size())
    return std::nullopt;
  bytes.resize(size);
  return bytes;
}

mac mac_of(std::string_view text, const secret_key& key) {
  mac made{};
  crypto_auth(made.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size(), key.data());
  return made;
}

error not_ours() {
  return {fault::invalid, "this link was not made by this node, or was changed", "ask for a new one"};
}

std::string text_in(const json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_in(const json& from, const char* name) {
  const auto found = from.find(name);
  return found != from.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

} // namespace

/// The folder's key has another purpose already: this one is derived from it.
link_signer::link_signer(const secret_key& folder_key) {
  static_assert(std::tuple_size_v<secret_key> == crypto_auth_KEYBYTES);
  constexpr std::string_view purpose = "troupe approval links";
  crypto_generichash(key_.data(), key_.size(), reinterpret_cast<const unsigned char*>(purpose.data()),
                     purpose.size(), folder_key.data(), folder_key.size());
}

std::string link_signer::sign(const approval_link& link) const {
  const auto said = object("id", link.id, "approval", link.approval, "revision", link.revision, "by", link.by,
                           "role", link.role, "decision", link.decision, "expires", to_ms(link.expires))
                        .dump(-1, ' ', false, json::error_handler_t::replace);
  const auto body = encoded(said);
  const auto proof = mac_of(body, key_);
  return body + '.' + encoded(proof.data(), proof.size());
}

result<approval_link> link_signer::read(std::string_view token, instant now) const {
  const auto dot = token.find('.');
  if (token.size() > link_bytes_max || dot == std::string_view::npos)
    return tl::unexpected(not_ours());
  const auto body = token.substr(0, dot);
  const auto proof = decoded(token.substr(dot + 1));
  if (!proof || proof->size() != crypto_auth_BYTES ||
      crypto_auth_verify(reinterpret_cast<const unsigned char*>(proof->data()),
                         reinterpret_cast<const unsigned char*>(body.data()), body.size(), key_.data()) != 0)
    return tl::unexpected(not_ours());
  const auto said = read_json(decoded(body).value_or(""));
  if (!said.is_object())
    return tl::unexpected(not_ours());
  approval_link link{text_in(said, "id"),
                     text_in(said, "approval"),
                     number_in(said, "revision"),
                     text_in(said, "by"),
                     text_in(said, "role"),
                     text_in(said, "decision"),
                     from_ms(number_in(said, "expires"))};
  if (link.expires <= now)
    return fail(fault::refused, "this link was good until " + to_rfc3339(link.expires), "ask for a new one");
  return link;
}

} // namespace troupe::gateway
