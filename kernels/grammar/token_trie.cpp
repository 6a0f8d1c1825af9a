#include "kernels/grammar/token_trie.hpp"

#include <algorithm>
#include <limits>

namespace troupe::kernels::grammar {

token_trie token_trie::of(std::vector<std::pair<std::string_view, token_id>> tokens) {
  std::sort(tokens.begin(), tokens.end());
  token_trie made;
  struct stretch {
    std::size_t begin = 0; // of the sorted tokens, those below one node
    std::size_t end = 0;
    std::size_t depth = 0;
  };
  std::vector<stretch> stretches{{0, tokens.size(), 0}}; // one for each node
  for (std::uint32_t at = 0; at < made.nodes_.size(); ++at) {
    auto [begin, end, depth] = stretches[at];
    made.nodes_[at].first_token = static_cast<std::uint32_t>(made.tokens_.size());
    for (; begin < end && tokens[begin].first.size() == depth; ++begin) {
      if (made.nodes_[at].tokens == std::numeric_limits<std::uint16_t>::max())
        continue;
      made.tokens_.push_back(tokens[begin].second);
      ++made.nodes_[at].tokens;
    }
    made.nodes_[at].first_child = static_cast<std::uint32_t>(made.nodes_.size());
    while (begin < end) {
      const auto byte = tokens[begin].first[depth];
      auto next = begin;
      while (next < end && tokens[next].first[depth] == byte)
        ++next;
      node child;
      child.byte = static_cast<std::uint8_t>(byte);
      made.nodes_.push_back(child);
      ++made.nodes_[at].children;
      stretches.push_back({begin, next, depth + 1});
      begin = next;
    }
  }
  return made;
}

std::uint32_t token_trie::child(std::uint32_t at, std::uint8_t byte) const noexcept {
  const auto first = nodes_.begin() + nodes_[at].first_child;
  const auto last = first + nodes_[at].children;
  const auto found = std::lower_bound(first, last, byte,
                                      [](const node& one, std::uint8_t wanted) { return one.byte < wanted; });
  return found != last && found->byte == byte ? static_cast<std::uint32_t>(found - nodes_.begin()) : none;
}

} // namespace troupe::kernels::grammar
