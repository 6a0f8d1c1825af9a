#pragma once

#include "kernels/tokenizer/vocabulary.hpp"

#include <cstdint>
#include <vector>

namespace troupe::kernels {

/// What two neighbours become, and when: lower ranks go first.
struct merge {
  token_id into = -1;
  std::uint32_t rank = 0;
};

/// Pairs of tokens that may be merged. Open addressing: it is asked once for each byte of every text.
class merge_table {
public:
  merge_table() = default;
  explicit merge_table(std::size_t expected);

  /// Of two entries for one pair the first stays, unless `replace`.
  void add(token_id left, token_id right, merge what, bool replace = false);
  const merge* find(token_id left, token_id right) const noexcept;
  std::size_t size() const noexcept { return used_; }

private:
  struct slot {
    std::uint64_t pair = none;
    merge what;
  };
  static constexpr std::uint64_t none = ~std::uint64_t{0};

  static std::uint64_t key(token_id left, token_id right) noexcept;
  std::size_t place_of(std::uint64_t pair) const noexcept;
  void grow();

  std::vector<slot> slots_;
  std::size_t used_ = 0;
};

/// A part of a word while it is merged.
struct symbol {
  token_id id = -1;        // -1: nothing merges with it
  std::uint32_t begin = 0; // its bytes in the word
  std::uint32_t size = 0;  // 0 once it is part of its left neighbour
};

/// Merges neighbours, the lowest rank first and the leftmost of equals, until nothing is left to merge.
/// Takes O(n log n). `pairs` hears of every pair that was considered: (left, right, what they would become).
using pair_observer = void (*)(void* whose, token_id left, token_id right, token_id into);
void merge_symbols(std::vector<symbol>& symbols, const merge_table& table, pair_observer observe = nullptr,
                   void* whose = nullptr);

} // namespace troupe::kernels
