#pragma once

#include "config/result.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace troupe {

/// First 16 bytes of BLAKE2b over the canonical address: what rows and maps are keyed by.
struct address {
  std::array<std::uint8_t, 16> bytes{};
  auto operator<=>(const address&) const = default;
};

/// A virtual address. It exists whether or not an agent is active behind it.
class agent_id {
public:
  agent_id() = default;

  /// kind: [a-z0-9._-]; key and tenant: any UTF-8 without control characters; 256 bytes in all.
  static result<agent_id> make(std::string tenant, std::string kind, std::string key);

  /// `kind/key` (tenant default) or `@tenant/kind/key`; keys may contain slashes.
  static result<agent_id> parse(std::string_view text);

  const std::string& tenant() const noexcept { return tenant_; }
  const std::string& kind() const noexcept { return kind_; }
  const std::string& key() const noexcept { return key_; }
  const address& addr() const noexcept { return addr_; }
  bool empty() const noexcept { return kind_.empty(); }

  /// What `parse` reads back.
  std::string text() const;

  bool operator==(const agent_id& other) const noexcept { return addr_ == other.addr_; }
  auto operator<=>(const agent_id& other) const noexcept { return addr_ <=> other.addr_; }

private:
  std::string tenant_;
  std::string kind_;
  std::string key_;
  address addr_;
};

} // namespace troupe

template<>
struct std::hash<troupe::address> {
  std::size_t operator()(const troupe::address& a) const noexcept {
    std::size_t h;
    static_assert(sizeof h <= sizeof a.bytes);
    __builtin_memcpy(&h, a.bytes.data(), sizeof h);
    return h;
  }
};

template<>
struct std::hash<troupe::agent_id> {
  std::size_t operator()(const troupe::agent_id& id) const noexcept {
    return std::hash<troupe::address>{}(id.addr());
  }
};
