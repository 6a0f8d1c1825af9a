#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace troupe::kernels {

/// Texts, each with a number, found where they begin.
class prefix_tree {
public:
  struct match {
    std::size_t size = 0;
    std::uint32_t value = 0;
  };

  /// The empty text is never found. Of equal texts the first counts.
  void add(std::string_view text, std::uint32_t value);

  /// The longest text that stands at `at`.
  std::optional<match> longest(std::string_view text, std::size_t at) const;

  bool empty() const noexcept { return values_.size() <= 1; }

private:
  static constexpr std::uint32_t nothing = ~std::uint32_t{0};

  std::unordered_map<std::uint64_t, std::uint32_t> edges_; // (node, byte) to node
  std::vector<std::uint32_t> values_{nothing};             // by node; the first is the root
};

} // namespace troupe::kernels
