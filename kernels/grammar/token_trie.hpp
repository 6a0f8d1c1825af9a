#pragma once

#include "kernels/base/token_id.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace troupe::kernels::grammar {

/// Tokens by the bytes they stand for. The children of a node lie side by side, in the order of their bytes.
class token_trie {
public:
  struct node {
    std::uint32_t first_child = 0;
    std::uint32_t first_token = 0;
    std::uint16_t children = 0;
    std::uint16_t tokens = 0;
    std::uint8_t byte = 0; // that leads here
  };
  static constexpr std::uint32_t root = 0;
  static constexpr std::uint32_t none = 0; // no child is the root

  /// At most as many tokens of the same bytes as a node can count are kept.
  static token_trie of(std::vector<std::pair<std::string_view, token_id>> tokens);

  const node& operator[](std::uint32_t at) const noexcept { return nodes_[at]; }
  std::span<const token_id> tokens_at(std::uint32_t at) const noexcept {
    return std::span(tokens_).subspan(nodes_[at].first_token, nodes_[at].tokens);
  }
  std::uint32_t child(std::uint32_t at, std::uint8_t byte) const noexcept;
  std::size_t size() const noexcept { return nodes_.size(); }

private:
  std::vector<node> nodes_{{}};
  std::vector<token_id> tokens_;
};

} // namespace troupe::kernels::grammar
