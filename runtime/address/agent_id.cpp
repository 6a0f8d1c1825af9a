#include "runtime/address/agent_id.hpp"

#include "config/limits.hpp"
#include "runtime/base/text.hpp"

#include <algorithm>
#include <sodium.h>

namespace troupe {
namespace {

bool kind_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

bool printable(char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f; }

/// NUL cannot occur in a part, so different parts never give the same text.
address hash_of(const std::string& tenant, const std::string& kind, const std::string& key) {
  std::string canonical = tenant + '\0' + kind + '\0' + key;
  address a;
  crypto_generichash(a.bytes.data(), a.bytes.size(), reinterpret_cast<const unsigned char*>(canonical.data()),
                     canonical.size(), nullptr, 0);
  return a;
}

result<void> check_parts(const std::string& tenant, const std::string& kind, const std::string& key) {
  if (kind.empty() || !std::all_of(kind.begin(), kind.end(), kind_character))
    return fail(fault::invalid,
                "an agent's kind is lower-case letters, digits, '.', '_' or '-', not \"" + kind + "\"",
                "write the address as kind/key, like sales.qualifier/lead-42");
  if (key.empty() || !std::all_of(key.begin(), key.end(), printable))
    return fail(fault::invalid, "the key of \"" + kind + "\" is empty or holds a control character",
                "write the address as kind/key, like sales.qualifier/lead-42");
  if (tenant.empty() || tenant.find('/') != std::string::npos ||
      !std::all_of(tenant.begin(), tenant.end(), printable))
    return fail(fault::invalid,
                "the tenant \"" + tenant + "\" is empty or holds a slash or a control character");
  if (tenant.size() + kind.size() + key.size() > limits::agent_id_bytes_max)
    return fail(fault::invalid, "an agent's tenant, kind and key have 256 bytes in all");
  if (!is_utf8(tenant) || !is_utf8(key))
    return fail(fault::invalid, "the tenant or key of \"" + kind + "\" is no UTF-8");
  return {};
}

} // namespace

result<agent_id> agent_id::make(std::string tenant, std::string kind, std::string key) {
  if (auto checked = check_parts(tenant, kind, key); !checked)
    return tl::unexpected(checked.error());
  agent_id id;
  id.addr_ = hash_of(tenant, kind, key);
  id.tenant_ = std::move(tenant);
  id.kind_ = std::move(kind);
  id.key_ = std::move(key);
  return id;
}

result<agent_id> agent_id::parse(std::string_view text) {
  std::string tenant = "default";
  if (!text.empty() && text.front() == '@') {
    auto slash = text.find('/');
    tenant = std::string(text.substr(1, slash == text.npos ? text.npos : slash - 1));
    text.remove_prefix(slash == text.npos ? text.size() : slash + 1);
  }
  auto slash = text.find('/');
  auto key = slash == text.npos ? std::string_view() : text.substr(slash + 1);
  return make(std::move(tenant), std::string(text.substr(0, slash)), std::string(key));
}

std::string agent_id::text() const {
  auto local = kind_ + '/' + key_;
  return tenant_ == "default" ? local : '@' + tenant_ + '/' + local;
}

} // namespace troupe
