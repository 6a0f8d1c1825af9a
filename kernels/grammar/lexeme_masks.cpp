#include "kernels/grammar/lexeme_masks.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

const lexeme_mask& lexeme_masks::of(term_id at, part_of_character part, spelling how) {
  at = as_far_as_tokens_reach(at);
  const auto key = (static_cast<std::uint64_t>(at) << 32) | (part << 1) | (how == spelling::plain ? 1 : 0);
  if (const auto known = kept_.find(key); known != kept_.end())
    return *known->second;
  if (kept_.size() >= kept_max || bytes() >= kept_bytes_max)
    kept_.clear(); // they are only remembered, not needed
  auto& place = kept_[key];
  place = std::make_unique<const lexeme_mask>(make(at, part, how));
  return *place;
}

/// A count that no single token can reach does not show in a mask.
term_id lexeme_masks::as_far_as_tokens_reach(term_id at) {
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  if (!texts_.pool().only_counts(at, least, most))
    return at;
  const auto reach = static_cast<std::uint32_t>(tokens_->longest() + 1);
  auto& pool = texts_.pool();
  return pool.repeat(pool.any_character(), std::min(least, reach), most >= reach + reach ? no_limit : most);
}

lexeme_mask lexeme_masks::make(term_id at, part_of_character part, spelling how) {
  lexeme_mask mask{token_set(tokens_->size()), {}, {}};
  rests_.clear();
  std::uint32_t least = 0;
  std::uint32_t most = 0;
  const bool counts = texts_.pool().only_counts(at, least, most);
  const bool simple = part == 0 && (counts || texts_.endless(at));
  if (simple)
    mask.inside.add(tokens_->simple(counts ? most : no_limit));
  walk(simple ? tokens_->special() : tokens_->all(), token_trie::root, {at, part}, how, mask);
  std::vector<std::pair<std::string_view, token_id>> rests;
  for (const auto& [rest, id] : rests_) {
    rests.emplace_back(rest, id);
    if (std::count(rest.begin(), rest.end(), '"') > 1)
      mask.twofold.push_back(id);
  }
  mask.closing = token_trie::of(std::move(rests));
  return mask;
}

bool lexeme_masks::step(state& now, std::uint8_t byte, spelling how) {
  const auto next = decode(now.part, byte, how);
  now.part = next.part;
  if (next.what == decoded_byte::kind::whole) {
    now.at = texts_.step(now.at, next.character);
    return now.at != term_pool::nothing;
  }
  if (next.what == decoded_byte::kind::impossible)
    return false;
  const auto wanted = possible(next.part);
  return std::any_of(wanted.ranges.begin(), wanted.ranges.begin() + static_cast<std::ptrdiff_t>(wanted.count),
                     [&](const auto& range) { return texts_.can_take(now.at, range.first, range.last); });
}

// Token tries are as deep as the longest token.
void lexeme_masks::walk(const token_trie& trie, std::uint32_t place, state now, spelling how,
                        lexeme_mask& mask) {
  const auto& node = trie[place];
  for (auto child = node.first_child; child < node.first_child + node.children; ++child) {
    const auto byte = trie[child].byte;
    if (byte == '"' && how != spelling::plain && now.part == 0) {
      std::string rest;
      if (texts_.accepts(now.at))
        close(trie, child, rest);
      continue;
    }
    auto next = now;
    if (!step(next, byte, how))
      continue;
    mask.inside.add(trie.tokens_at(child));
    walk(trie, child, next, how, mask);
  }
}

void lexeme_masks::close(const token_trie& trie, std::uint32_t place, std::string& rest) {
  for (const auto id : trie.tokens_at(place))
    rests_.emplace_back(rest, id);
  const auto& node = trie[place];
  for (auto child = node.first_child; child < node.first_child + node.children; ++child) {
    rest += static_cast<char>(trie[child].byte);
    close(trie, child, rest);
    rest.pop_back();
  }
}

} // namespace troupe::kernels::grammar
