#include "kernels/tokenizer/read.hpp"
#include "kernels/tokenizer/split_names.hpp"

#include <algorithm>

namespace troupe::kernels {

namespace {

constexpr std::string_view space_mark = "▁";

token_kind kind_of(std::int64_t type) {
  switch (type) {
  case 2:
    return token_kind::unknown;
  case 3:
    return token_kind::control;
  case 4:
    return token_kind::user_defined;
  case 5:
    return token_kind::unused;
  case 6:
    return token_kind::byte;
  default:
    return token_kind::normal;
  }
}

template<class List>
result<done> check_count(const List& list, std::size_t tokens, std::string_view key) {
  if (list.size() < tokens)
    return fail(fault::corrupt, std::string(key) + " has " + std::to_string(list.size()) + " entries for " +
                                    std::to_string(tokens) + " tokens");
  return done{};
}

result<std::vector<token>> read_tokens(const gguf_file& file) {
  const auto texts = file.texts("tokenizer.ggml.tokens");
  if (!texts)
    return fail(texts);
  std::vector<token> tokens;
  tokens.reserve(texts->size());
  for (const auto text : *texts)
    tokens.push_back({std::string(text), token_kind::normal, 0});
  if (file.has("tokenizer.ggml.token_type")) {
    const auto types = file.integers("tokenizer.ggml.token_type");
    if (!types)
      return fail(types);
    if (auto enough = check_count(*types, tokens.size(), "tokenizer.ggml.token_type"); !enough)
      return fail(enough);
    for (std::size_t i = 0; i < tokens.size(); ++i)
      tokens[i].kind = kind_of((*types)[i]);
  }
  return tokens;
}

result<done> read_scores(const gguf_file& file, std::vector<token>& tokens) {
  const auto scores = file.numbers("tokenizer.ggml.scores");
  if (!scores)
    return fail(scores);
  if (auto enough = check_count(*scores, tokens.size(), "tokenizer.ggml.scores"); !enough)
    return enough;
  for (std::size_t i = 0; i < tokens.size(); ++i)
    tokens[i].score = (*scores)[i];
  return done{};
}

/// "left right"; the space is not the first byte, which may be a token of its own.
result<std::vector<ranked_pair>> read_merges(const gguf_file& file) {
  const auto texts = file.texts("tokenizer.ggml.merges");
  if (!texts)
    return fail(texts);
  std::vector<ranked_pair> merges;
  merges.reserve(texts->size());
  for (const auto text : *texts) {
    const auto space = text.find(' ', 1);
    if (space == std::string_view::npos)
      return fail(fault::corrupt, "merge " + std::to_string(merges.size()) + " is no pair");
    if (text.size() > 2 * token_bytes_max)
      return fail(fault::refused, "merge " + std::to_string(merges.size()) + " is too long");
    merges.push_back({std::string(text.substr(0, space)), std::string(text.substr(space + 1))});
  }
  return merges;
}

std::optional<token_id> id_at(const gguf_file& file, std::string_view key, const vocabulary& words) {
  const auto id = file.count(key);
  return id && *id < words.size() ? std::optional(static_cast<token_id>(*id)) : std::nullopt;
}

void add_searched(tokenizer_parts& parts) {
  for (std::size_t i = 0; i < parts.words->size(); ++i) {
    const auto id = static_cast<token_id>(i);
    const auto& one = (*parts.words)[id];
    const bool special = one.kind == token_kind::control || one.kind == token_kind::unknown;
    if (special || one.kind == token_kind::user_defined)
      parts.added.add({one.text, id, special});
  }
}

result<tokenizer_parts> with_words(std::vector<token> tokens) {
  auto words = vocabulary::of(std::move(tokens));
  if (!words)
    return fail(words);
  tokenizer_parts parts;
  parts.words = std::make_shared<const vocabulary>(std::move(*words));
  add_searched(parts);
  return parts;
}

result<tokenizer_parts> read_scored(const gguf_file& file, std::vector<token> tokens) {
  if (auto scores = read_scores(file, tokens); !scores)
    return fail(scores);
  auto parts = with_words(std::move(tokens));
  if (!parts)
    return parts;
  bpe_settings how;
  how.byte_fallback = true;
  how.fuse_unknown = true;
  how.unknown = id_at(file, "tokenizer.ggml.unknown_token_id", *parts->words);
  auto merge = bpe::of_scores(parts->words, std::move(how));
  if (!merge)
    return fail(merge);
  parts->merge = std::move(*merge);
  parts->normalize.push_back(replace_step(" ", std::string(space_mark)));
  parts->decode.byte_tokens = true;
  parts->decode.replace.emplace_back(space_mark, " ");
  if (file.flag("tokenizer.ggml.add_space_prefix").value_or(true)) {
    parts->stretch_prefix = " ";
    parts->decode.strip = " ";
    parts->decode.strip_max = 1;
  }
  parts->adds_bos = true;
  return parts;
}

result<named_split> read_split(const gguf_file& file) {
  const auto name = file.has("tokenizer.ggml.pre") ? file.text("tokenizer.ggml.pre") : "default";
  if (!name)
    return fail(name);
  auto split = split_named(*name);
  if (!split)
    return fail(fault::refused, "tokenizer.ggml.pre \"" + std::string(*name) + "\" is not one of ours",
                "ours: " + std::string(some_split_names()));
  return *split;
}

result<tokenizer_parts> read_merged(const gguf_file& file, std::vector<token> tokens) {
  const auto named = read_split(file);
  if (!named)
    return fail(named);
  const auto merges = read_merges(file);
  if (!merges)
    return fail(merges);
  auto parts = with_words(std::move(tokens));
  if (!parts)
    return parts;
  bpe_settings how;
  how.whole_words_first = named->whole_words_first;
  how.unknown_merged = unknown_text::characters;
  auto merge = bpe::of_merges(parts->words, *merges, std::move(how), false);
  if (!merge)
    return fail(merge);
  parts->merge = std::move(*merge);
  if (named->composes)
    parts->normalize.push_back(normalize_step(unicode::form::nfc));
  for (const auto source : named->patterns) {
    auto compiled = pattern::compile(source);
    if (!compiled)
      return fail(compiled);
    parts->split.push_back(split_by_pattern(std::move(*compiled), delimiters::isolated, false));
  }
  parts->split.push_back(
      byte_level_split(file.flag("tokenizer.ggml.add_space_prefix").value_or(false), false));
  parts->decode.byte_level = true;
  parts->adds_bos = named->adds_bos;
  return parts;
}

} // namespace

result<tokenizer> read_gguf_tokenizer(const gguf_file& file) {
  const auto model = file.text("tokenizer.ggml.model");
  if (!model)
    return fail(model);
  if (*model != "llama" && *model != "gpt2")
    return fail(fault::refused, "tokenizer.ggml.model \"" + std::string(*model) + "\" is not one of ours",
                "llama (SentencePiece) and gpt2 (byte-level) are");
  auto tokens = read_tokens(file);
  if (!tokens)
    return fail(tokens);
  auto parts =
      *model == "llama" ? read_scored(file, std::move(*tokens)) : read_merged(file, std::move(*tokens));
  if (!parts)
    return fail(parts);
  parts->bos = id_at(file, "tokenizer.ggml.bos_token_id", *parts->words);
  parts->eos = id_at(file, "tokenizer.ggml.eos_token_id", *parts->words);
  parts->adds_bos = file.flag("tokenizer.ggml.add_bos_token").value_or(parts->adds_bos) && parts->bos;
  parts->adds_eos = file.flag("tokenizer.ggml.add_eos_token").value_or(parts->adds_eos) && parts->eos;
  return tokenizer(std::move(*parts));
}

} // namespace troupe::kernels
