#include "kernels/tokenizer/prefix_tree.hpp"

namespace troupe::kernels {

namespace {

std::uint64_t edge(std::uint32_t node, char byte) noexcept {
  return (static_cast<std::uint64_t>(node) << 8) | static_cast<unsigned char>(byte);
}

} // namespace

void prefix_tree::add(std::string_view text, std::uint32_t value) {
  std::uint32_t node = 0;
  for (const char byte : text) {
    const auto [found, fresh] = edges_.emplace(edge(node, byte), static_cast<std::uint32_t>(values_.size()));
    if (fresh)
      values_.push_back(nothing);
    node = found->second;
  }
  if (node != 0 && values_[node] == nothing)
    values_[node] = value;
}

std::optional<prefix_tree::match> prefix_tree::longest(std::string_view text, std::size_t at) const {
  std::optional<match> best;
  std::uint32_t node = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    const auto found = edges_.find(edge(node, text[i]));
    if (found == edges_.end())
      break;
    node = found->second;
    if (values_[node] != nothing)
      best = match{i + 1 - at, values_[node]};
  }
  return best;
}

} // namespace troupe::kernels
