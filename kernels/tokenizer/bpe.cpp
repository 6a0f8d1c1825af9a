#include "kernels/tokenizer/bpe.hpp"

#include "kernels/unicode/utf8.hpp"

#include <algorithm>
#include <map>

namespace troupe::kernels {

namespace {

// The alphabet of byte-level vocabularies and Latin.
constexpr char32_t near_characters = 0x400;

bool can_merge(token_kind kind) {
  return kind == token_kind::normal || kind == token_kind::user_defined || kind == token_kind::unused;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text.substr(0, 80)) + "\""; }

} // namespace

bpe::bpe(std::shared_ptr<const vocabulary> words, bpe_settings how)
    : words_(std::move(words))
    , how_(std::move(how)) {}

std::optional<token_id> bpe::part(std::string_view text, bool may_be_missing) {
  if (const auto id = words_->find(text))
    return id;
  if (!may_be_missing)
    return std::nullopt;
  const auto fresh = static_cast<token_id>(words_->size() + missing_.size());
  return missing_.emplace(std::string(text), fresh).first->second;
}

result<done> bpe::add_ranked(const ranked_pair& pair, std::uint32_t rank, bool strict) {
  const auto left = part(pair.left, !strict);
  const auto right = part(pair.right, !strict);
  auto whole =
      pair.left +
      (pair.right.starts_with(how_.inner_prefix) ? pair.right.substr(how_.inner_prefix.size()) : pair.right);
  const auto into = part(whole, !strict);
  if (!left || !right || !into)
    return fail(fault::corrupt, "merge " + std::to_string(rank) + ", " + quoted(pair.left) + " and " +
                                    quoted(pair.right) + ": " +
                                    quoted(!left    ? pair.left
                                           : !right ? pair.right
                                                    : whole) +
                                    " is not in the vocabulary");
  merges_.add(*left, *right, {*into, rank},
              strict); // of two, the reference libraries keep the last, or the first
  return done{};
}

result<bpe> bpe::of_merges(std::shared_ptr<const vocabulary> words, const std::vector<ranked_pair>& merges,
                           bpe_settings how, bool strict) {
  bpe made(std::move(words), std::move(how));
  made.merges_ = merge_table(merges.size());
  for (std::size_t i = 0; i < merges.size(); ++i)
    if (auto added = made.add_ranked(merges[i], static_cast<std::uint32_t>(i), strict); !added)
      return fail(added);
  made.note_characters();
  return made;
}

result<bpe> bpe::of_scores(std::shared_ptr<const vocabulary> words, bpe_settings how) {
  bpe made(std::move(words), std::move(how));
  std::vector<token_id> order;
  for (std::size_t i = 0; i < made.words_->size(); ++i) {
    const auto id = static_cast<token_id>(i);
    const auto& one = (*made.words_)[id];
    if (can_merge(one.kind) && !one.text.empty() && made.words_->find(one.text) == id)
      order.push_back(id);
    made.has_unused_ |= one.kind == token_kind::unused;
    if (one.kind == token_kind::user_defined)
      made.whole_.add(one.text, static_cast<std::uint32_t>(id));
  }
  const auto score = [&made](token_id id) { return (*made.words_)[id].score; };
  if (std::ranges::any_of(order, [&](token_id id) { return score(id) != score(id); }))
    return fail(fault::corrupt, "a token's score is no number");
  std::ranges::stable_sort(order, [&](token_id a, token_id b) { return score(a) > score(b); });
  made.merges_ = merge_table(order.size() * 2);
  std::uint32_t rank = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && score(order[i]) != score(order[i - 1]))
      ++rank; // equal scores are one rank: the leftmost goes first
    made.add_scored(order[i], rank);
  }
  made.note_characters();
  return made;
}

/// All pairs that make up a token. A single character may be a part without being a token.
void bpe::add_scored(token_id into, std::uint32_t rank) {
  const std::string_view text = (*words_)[into].text;
  std::size_t first = 0;
  std::size_t cut = 0;
  for (unicode::next(text, cut), first = cut; cut < text.size(); unicode::next(text, cut)) {
    auto after = cut;
    unicode::next(text, after);
    const auto left = scored_part(text.substr(0, cut), cut == first);
    const auto right = left ? scored_part(text.substr(cut), after == text.size()) : std::nullopt;
    if (right)
      merges_.add(*left, *right, {into, rank});
  }
}

std::optional<token_id> bpe::scored_part(std::string_view text, bool is_character) {
  const auto id = words_->find(text);
  if (!id)
    return is_character ? part(text, true) : std::nullopt;
  return can_merge((*words_)[*id].kind) ? id : std::nullopt;
}

void bpe::note_characters() {
  near_characters_.assign(near_characters, -1);
  const auto note = [this](std::string_view text, token_id id) {
    std::size_t at = 0;
    if (text.empty())
      return;
    const auto c = unicode::next(text, at);
    if (at != text.size() || unicode::first_invalid(text) != std::string_view::npos)
      return;
    if (c < near_characters)
      near_characters_[c] = near_characters_[c] < 0 ? id : near_characters_[c];
    else
      characters_.emplace(c, id);
  };
  for (std::size_t i = 0; i < words_->size(); ++i)
    note((*words_)[static_cast<token_id>(i)].text, static_cast<token_id>(i));
  for (const auto& [text, id] : missing_)
    note(text, id);
}

std::string bpe::decorated(std::string_view character, bool first, bool last) const {
  return (first ? "" : how_.inner_prefix) + std::string(character) + (last ? how_.word_suffix : "");
}

void bpe::split_character(std::string_view word, std::size_t begin, std::size_t end,
                          std::vector<symbol>& to) const {
  symbol one{-1, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end - begin)};
  if (how_.inner_prefix.empty() && how_.word_suffix.empty()) {
    auto at = begin;
    const auto c = unicode::next(word, at);
    if (c < near_characters) {
      one.id = near_characters_[c];
    } else if (const auto found = characters_.find(c); found != characters_.end()) {
      one.id = found->second;
    }
  } else {
    one.id =
        words_->find(decorated(word.substr(begin, end - begin), begin == 0, end == word.size())).value_or(-1);
  }
  to.push_back(one);
}

std::vector<symbol> bpe::split(std::string_view word) const {
  std::vector<symbol> symbols;
  symbols.reserve(word.size());
  for (std::size_t at = 0; at < word.size();) {
    const auto begin = at;
    if (const auto whole = whole_.longest(word, at)) {
      at += whole->size;
      symbols.push_back({-1, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(whole->size)});
      continue;
    }
    unicode::next(word, at);
    split_character(word, begin, at, symbols);
  }
  return symbols;
}

namespace {

struct halves {
  token_id left;
  token_id right;
};

/// Which pair last became an unused token: such a token is taken apart again.
struct unused_notes {
  const vocabulary& words;
  std::map<token_id, halves> made_of;
};

void note_unused(void* whose, token_id left, token_id right, token_id into) {
  auto& notes = *static_cast<unused_notes*>(whose);
  if (notes.words.has(into) && notes.words[into].kind == token_kind::unused)
    notes.made_of[into] = {left, right};
}

} // namespace

void bpe::merge_and_split_unused(std::vector<symbol>& symbols, std::string_view word, sink& to) const {
  unused_notes notes{*words_, {}};
  merge_symbols(symbols, merges_, note_unused, &notes);
  for (const auto& one : symbols) {
    std::vector<symbol> open{one};
    while (!open.empty()) {
      const auto part = open.back();
      open.pop_back();
      const auto made_of = notes.made_of.find(part.id);
      if (made_of == notes.made_of.end()) {
        put(part, word, to);
        continue;
      }
      const auto& [left, right] = made_of->second;
      const auto text_of = [this](token_id id) -> std::size_t {
        if (is_token(id))
          return (*words_)[id].text.size();
        const auto same = [id](const auto& missing) { return missing.second == id; };
        return std::ranges::find_if(missing_, same)->first.size();
      };
      const auto cut = static_cast<std::uint32_t>(text_of(left));
      open.push_back({right, part.begin + cut, part.size - cut});
      open.push_back({left, part.begin, cut});
    }
  }
}

void bpe::encode(std::string_view word, std::vector<token_id>& ids) const {
  if (word.empty())
    return;
  if (how_.whole_words_first)
    if (const auto id = words_->find(word))
      return ids.push_back(*id);
  auto symbols = split(word);
  sink to{ids, ids.size()};
  if (has_unused_)
    return merge_and_split_unused(symbols, word, to);
  merge_symbols(symbols, merges_);
  for (const auto& one : symbols)
    put(one, word, to);
}

void bpe::put(const symbol& one, std::string_view word, sink& to) const {
  if (is_token(one.id))
    return to.ids.push_back(one.id);
  const auto text = word.substr(one.begin, one.size);
  if (const auto id = words_->find(text); id && one.id < 0 && !whole_.empty())
    return to.ids.push_back(*id); // a user-defined token, which nothing could merge with
  if (how_.unknown_merged == unknown_text::characters)
    return put_characters(text, to);
  put_bytes(text, to);
}

void bpe::put_bytes(std::string_view text, sink& to) const {
  if (how_.byte_fallback) {
    std::vector<token_id> bytes;
    for (const char byte : text)
      if (const auto id = words_->byte(static_cast<unsigned char>(byte)))
        bytes.push_back(*id);
    if (bytes.size() == text.size()) {
      to.ids.insert(to.ids.end(), bytes.begin(), bytes.end());
      return;
    }
  }
  put_unknown(to);
}

void bpe::put_characters(std::string_view text, sink& to) const {
  for (std::size_t at = 0; at < text.size();) {
    const auto begin = at;
    unicode::next(text, at);
    if (const auto id = words_->find(text.substr(begin, at - begin)))
      to.ids.push_back(*id);
    else if (how_.unknown)
      put_unknown(to);
  }
}

void bpe::put_unknown(sink& to) const {
  const bool after_another = to.ids.size() > to.first && to.ids.back() == how_.unknown;
  if (how_.unknown && !(how_.fuse_unknown && after_another))
    to.ids.push_back(*how_.unknown);
}

} // namespace troupe::kernels
