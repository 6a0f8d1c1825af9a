#pragma once

#include "kernels/grammar/token_set.hpp"
#include "kernels/grammar/token_trie.hpp"
#include "kernels/tokenizer/tokenizer.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace troupe::kernels::grammar {

/// A vocabulary prepared for masks. Made once for each tokenizer, shared by all grammars; immutable.
class token_index {
public:
  /// Of every token of the tokenizer that stands for bytes and does not control the model.
  static std::shared_ptr<const token_index> of(const tokenizer& with);
  /// Of these bytes, by number; those without any are left out.
  token_index(std::vector<std::string> bytes, std::optional<token_id> eos);

  const token_trie& all() const noexcept { return all_; }
  /// The tokens that are not made of whole printable characters alone, or hold a quote or a backslash.
  const token_trie& special() const noexcept { return special_; }
  /// The others, of at most so many characters.
  const token_set& simple(std::size_t characters_most) const noexcept {
    return simple_[std::min(characters_most, simple_.size() - 1)];
  }
  std::string_view bytes(token_id id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < bytes_.size()
               ? std::string_view(bytes_[static_cast<std::size_t>(id)])
               : std::string_view();
  }
  std::optional<token_id> eos() const noexcept { return eos_; }
  std::size_t size() const noexcept { return bytes_.size(); }
  /// Bytes of the longest token.
  std::size_t longest() const noexcept { return longest_; }

private:
  std::vector<std::string> bytes_;
  std::optional<token_id> eos_;
  token_trie all_;
  token_trie special_;
  std::vector<token_set> simple_;
  std::size_t longest_ = 0;
};

} // namespace troupe::kernels::grammar
