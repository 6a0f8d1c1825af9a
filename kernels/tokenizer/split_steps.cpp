#include "kernels/tokenizer/byte_alphabet.hpp"
#include "kernels/tokenizer/steps.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

const std::string_view gpt2_words =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

namespace {

/// A stretch within a word: between delimiters, or one.
struct stretch {
  text_span where;
  bool delimiter = false;
};

std::vector<stretch> stretches(std::size_t size, const std::vector<text_span>& delimiters, bool inverted) {
  std::vector<stretch> all;
  std::size_t from = 0;
  for (const auto& found : delimiters) {
    if (found.begin > from)
      all.push_back({{from, found.begin}, inverted});
    all.push_back({found, !inverted});
    from = found.end;
  }
  if (from < size)
    all.push_back({{from, size}, inverted});
  return all;
}

void put(std::vector<text_span>& words, text_span where) {
  if (where.end > where.begin)
    words.push_back(where);
}

/// Delimiters go with the stretch in front of them; several in a row stay apart, each a word.
void put_with_previous(const std::vector<stretch>& all, std::vector<text_span>& words) {
  bool was_delimiter = false;
  for (const auto& [where, delimiter] : all) {
    if (delimiter && !was_delimiter && !words.empty() && words.back().end == where.begin)
      words.back().end = where.end;
    else
      put(words, where);
    was_delimiter = delimiter;
  }
}

void put_with_next(const std::vector<stretch>& all, std::vector<text_span>& words) {
  std::vector<text_span> from_the_back;
  bool was_delimiter = false;
  for (auto one = all.rbegin(); one != all.rend(); ++one) {
    if (one->delimiter && !was_delimiter && !from_the_back.empty())
      from_the_back.back().begin = one->where.begin;
    else
      from_the_back.push_back(one->where);
    was_delimiter = one->delimiter;
  }
  for (auto one = from_the_back.rbegin(); one != from_the_back.rend(); ++one)
    put(words, *one);
}

/// Neighbours of one sort are one word.
void put_contiguous(const std::vector<stretch>& all, std::vector<text_span>& words) {
  std::optional<bool> last;
  for (const auto& [where, delimiter] : all) {
    if (last == delimiter)
      words.back().end = where.end;
    else
      words.push_back(where);
    last = delimiter;
  }
}

void put_all(const std::vector<stretch>& all, delimiters become, std::vector<text_span>& words) {
  switch (become) {
  case delimiters::isolated:
    for (const auto& one : all)
      put(words, one.where);
    return;
  case delimiters::removed:
    for (const auto& one : all)
      if (!one.delimiter)
        put(words, one.where);
    return;
  case delimiters::with_previous:
    return put_with_previous(all, words);
  case delimiters::with_next:
    return put_with_next(all, words);
  case delimiters::contiguous:
    return put_contiguous(all, words);
  }
}

using finder = std::function<result<std::vector<text_span>>(std::string_view)>;

split_step split_where(finder find, delimiters become, bool inverted) {
  return [find = std::move(find), become, inverted](word_cuts& cuts) -> result<done> {
    std::vector<text_span> words;
    words.reserve(cuts.words.size());
    std::vector<text_span> of_one;
    for (const auto& word : cuts.words) {
      const auto text = std::string_view(cuts.text).substr(word.begin, word.end - word.begin);
      const auto found = find(text);
      if (!found)
        return fail(found);
      of_one.clear();
      put_all(stretches(text.size(), *found, inverted), become, of_one);
      for (const auto& one : of_one)
        put(words, {word.begin + one.begin, word.begin + one.end});
    }
    cuts.words = std::move(words);
    return done{};
  };
}

/// Puts other text in the place of each word.
template<class Change>
void change_words(word_cuts& cuts, Change change) {
  std::string text;
  std::vector<text_span> words;
  words.reserve(cuts.words.size());
  for (const auto& [begin, end] : cuts.words) {
    const auto from = text.size();
    text += change(std::string_view(cuts.text).substr(begin, end - begin), words.empty());
    words.push_back({from, text.size()});
  }
  cuts.text = std::move(text);
  cuts.words = std::move(words);
}

} // namespace

split_step split_by_pattern(pattern what, delimiters become, bool inverted) {
  return split_where([what = std::move(what)](std::string_view text) { return what.find_all(text); }, become,
                     inverted);
}

split_step split_by_text(std::string what, delimiters become, bool inverted) {
  const auto find = [what = std::move(what)](std::string_view text) -> result<std::vector<text_span>> {
    std::vector<text_span> found;
    for (auto at = what.empty() ? text.npos : text.find(what); at != text.npos;
         at = text.find(what, at + what.size()))
      found.push_back({at, at + what.size()});
    return found;
  };
  return split_where(find, become, inverted);
}

split_step split_by_character(std::function<bool(char32_t)> is, delimiters become) {
  const auto find = [is = std::move(is)](std::string_view text) -> result<std::vector<text_span>> {
    std::vector<text_span> found;
    for (std::size_t at = 0; at < text.size();) {
      const auto begin = at;
      if (is(unicode::next(text, at)))
        found.push_back({begin, at});
    }
    return found;
  };
  return split_where(find, become, false);
}

split_step byte_level_split(bool space_in_front, bool cut_words) {
  std::optional<split_step> cut;
  if (cut_words) {
    auto words = pattern::compile(gpt2_words);
    ensure(words.has_value(), "our own pattern compiles");
    cut = split_by_pattern(std::move(*words), delimiters::isolated, false);
  }
  return [space_in_front, cut](word_cuts& cuts) -> result<done> {
    if (space_in_front)
      change_words(cuts, [](std::string_view word, bool) {
        return word.starts_with(' ') ? std::string(word) : " " + std::string(word);
      });
    if (cut)
      if (auto done_so = (*cut)(cuts); !done_so)
        return done_so;
    change_words(cuts, [](std::string_view word, bool) { return byte_level_spelled(word); });
    return done{};
  };
}

split_step metaspace_split(std::string mark, metaspace_prefix prefix, bool cut) {
  const auto cut_words = split_by_text(mark, delimiters::with_next, false);
  const auto replace = replace_step(" ", mark);
  return [mark = std::move(mark), prefix, cut, cut_words, replace](word_cuts& cuts) -> result<done> {
    const bool at_begin = cuts.at_text_begin;
    change_words(cuts, [&](std::string_view word, bool first) {
      auto changed = replace(std::string(word)).value();
      const bool wanted =
          prefix == metaspace_prefix::always || (prefix == metaspace_prefix::first && first && at_begin);
      return wanted && !changed.starts_with(mark) ? mark + changed : changed;
    });
    return cut ? cut_words(cuts) : done{};
  };
}

} // namespace troupe::kernels
