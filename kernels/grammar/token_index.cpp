#include "kernels/grammar/token_index.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>

namespace troupe::kernels::grammar {

namespace {

// The longest published tokens are runs of some hundred characters; whatever is longer counts as special.
constexpr std::size_t simple_characters_max = 128;

std::optional<std::size_t> simple_length(std::string_view bytes) {
  if (unicode::first_invalid(bytes) != std::string_view::npos)
    return std::nullopt;
  std::size_t length = 0;
  for (std::size_t at = 0; at < bytes.size(); ++length) {
    const auto c = unicode::next(bytes, at);
    if (c < 0x20 || c == '"' || c == '\\' || c == 0x2028 || c == 0x2029)
      return std::nullopt;
  }
  return length <= simple_characters_max ? std::optional(length) : std::nullopt;
}

} // namespace

std::shared_ptr<const token_index> token_index::of(const tokenizer& with) {
  std::vector<std::string> bytes(with.words().size());
  for (std::size_t id = 0; id < bytes.size(); ++id)
    if (!with.is_special(static_cast<token_id>(id)))
      bytes[id] = with.bytes_of(static_cast<token_id>(id));
  return std::make_shared<const token_index>(std::move(bytes), with.eos());
}

token_index::token_index(std::vector<std::string> bytes, std::optional<token_id> eos)
    : bytes_(std::move(bytes))
    , eos_(eos) {
  std::vector<std::pair<std::string_view, token_id>> all;
  std::vector<std::pair<std::string_view, token_id>> special;
  std::vector<std::vector<token_id>> by_length(1);
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    const auto id = static_cast<token_id>(i);
    if (bytes_[i].empty() || eos == id)
      continue;
    all.emplace_back(bytes_[i], id);
    longest_ = std::max(longest_, bytes_[i].size());
    const auto length = simple_length(bytes_[i]);
    if (!length) {
      special.emplace_back(bytes_[i], id);
      continue;
    }
    by_length.resize(std::max(by_length.size(), *length + 1));
    by_length[*length].push_back(id);
  }
  all_ = token_trie::of(std::move(all));
  special_ = token_trie::of(std::move(special));
  token_set sum(bytes_.size());
  for (const auto& ids : by_length) {
    sum.add(ids);
    simple_.push_back(sum);
  }
}

} // namespace troupe::kernels::grammar
