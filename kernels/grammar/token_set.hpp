#pragma once

#include "kernels/base/token_id.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace troupe::kernels::grammar {

/// Tokens of a vocabulary, a bit each.
class token_set {
public:
  explicit token_set(std::size_t vocabulary = 0)
      : words_((vocabulary + 63) / 64) {}

  void add(token_id id) noexcept { words_[static_cast<std::size_t>(id) / 64] |= bit(id); }
  void add(std::span<const token_id> ids) noexcept {
    for (const auto id : ids)
      add(id);
  }
  void remove(token_id id) noexcept { words_[static_cast<std::size_t>(id) / 64] &= ~bit(id); }
  bool has(token_id id) const noexcept { return (words_[static_cast<std::size_t>(id) / 64] & bit(id)) != 0; }
  void add(const token_set& other) noexcept {
    for (std::size_t i = 0; i < words_.size(); ++i)
      words_[i] |= other.words_[i];
  }
  void clear() noexcept { words_.assign(words_.size(), 0); }
  std::span<const std::uint64_t> words() const noexcept { return words_; }
  bool operator==(const token_set&) const = default;

private:
  static std::uint64_t bit(token_id id) noexcept {
    return std::uint64_t{1} << (static_cast<std::size_t>(id) % 64);
  }

  std::vector<std::uint64_t> words_;
};

} // namespace troupe::kernels::grammar
