#include "kernels/tokenizer/json_steps.hpp"
#include "kernels/tokenizer/json_values.hpp"
#include "kernels/tokenizer/read.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels {

namespace {

using namespace json_values;

result<json> parse(std::string_view text, const char* name) {
  auto tree = json::parse(text, nullptr, false);
  if (tree.is_discarded() || !tree.is_object())
    return fail(fault::corrupt, std::string(name) + " is no JSON object");
  return tree;
}

result<std::size_t> read_id(const json& value, const std::string& whose) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() >= vocabulary_max)
    return fail(fault::corrupt,
                "the number of " + whose + " is none below " + std::to_string(vocabulary_max));
  return value.get<std::size_t>();
}

result<std::vector<token>> read_vocabulary(const json& model) {
  const auto& words = member(model, "vocab");
  if (!words.is_object())
    return fail(fault::corrupt, "the model has no vocabulary of texts and numbers");
  // Numbers that nobody has are holes: unused tokens without text.
  std::vector<token> tokens(words.size(), token{"", token_kind::unused, 0});
  std::vector<bool> taken(words.size());
  for (const auto& [text, value] : words.items()) {
    const auto id = read_id(value, "\"" + text.substr(0, 80) + "\"");
    if (!id)
      return fail(id);
    if (*id >= tokens.size()) {
      tokens.resize(*id + 1, token{"", token_kind::unused, 0});
      taken.resize(*id + 1);
    }
    if (taken[*id])
      return fail(fault::corrupt, "two tokens have the number " + std::to_string(*id));
    taken[*id] = true;
    tokens[*id] = {text, token_kind::normal, 0};
  }
  return tokens;
}

/// "left right", as one text or as a list of two.
result<ranked_pair> read_merge(const json& from, std::size_t at) {
  if (from.is_array() && from.size() == 2 && from[0].is_string() && from[1].is_string())
    return ranked_pair{from[0].get<std::string>(), from[1].get<std::string>()};
  if (from.is_string()) {
    const auto text = from.get<std::string>();
    const auto space = text.find(' ');
    if (space != std::string::npos && text.find(' ', space + 1) == std::string::npos)
      return ranked_pair{text.substr(0, space), text.substr(space + 1)};
  }
  return fail(fault::corrupt, "merge " + std::to_string(at) + " is no pair");
}

result<std::vector<ranked_pair>> read_merges(const json& model) {
  const auto& list = member(model, "merges");
  if (!list.is_array())
    return fail(fault::corrupt, "the model has no list of merges");
  std::vector<ranked_pair> merges;
  merges.reserve(list.size());
  for (const auto& one : list) {
    auto pair = read_merge(one, merges.size());
    if (!pair)
      return fail(pair);
    merges.push_back(std::move(*pair));
  }
  return merges;
}

result<std::vector<added_token>> read_added(const json& root) {
  std::vector<added_token> added;
  std::size_t bytes = 0;
  for (const auto& from : member(root, "added_tokens")) {
    auto content = text(from, "content", "an added token");
    if (!content)
      return fail(content);
    bytes += content->size();
    if (bytes > searched_bytes_max)
      return fail(fault::refused,
                  "added tokens spell more than " + std::to_string(searched_bytes_max) + " bytes");
    const auto id = read_id(member(from, "id"), "the added token \"" + content->substr(0, 80) + "\"");
    if (!id)
      return fail(id);
    added.push_back({std::move(*content), static_cast<token_id>(*id), flag_or(from, "special", false),
                     flag_or(from, "normalized", false), flag_or(from, "single_word", false),
                     flag_or(from, "lstrip", false), flag_or(from, "rstrip", false)});
  }
  return added;
}

/// Added tokens have their place in the vocabulary too, often behind its end.
result<done> seat(const std::vector<added_token>& added, std::vector<token>& tokens) {
  for (const auto& one : added) {
    const auto at = static_cast<std::size_t>(one.id);
    if (at >= tokens.size())
      tokens.resize(at + 1, token{"", token_kind::unused, 0});
    auto& place = tokens[at];
    if (place.text.empty())
      place.text = one.text;
    place.kind = one.special ? token_kind::control : token_kind::user_defined;
  }
  return done{};
}

result<bpe_settings> read_settings(const json& model, const vocabulary& words) {
  bpe_settings how;
  how.byte_fallback = flag_or(model, "byte_fallback", false);
  how.fuse_unknown = flag_or(model, "fuse_unk", false);
  how.whole_words_first = flag_or(model, "ignore_merges", false);
  how.inner_prefix = text_or(model, "continuing_subword_prefix", "");
  how.word_suffix = text_or(model, "end_of_word_suffix", "");
  if (const auto& unknown = member(model, "unk_token"); unknown.is_string()) {
    how.unknown = words.find(unknown.get<std::string>());
    if (!how.unknown)
      return fail(fault::corrupt, "the unknown token is not in the vocabulary");
  }
  return how;
}

result<done> read_model(const json& root, const std::vector<added_token>& added, tokenizer_parts& parts) {
  const auto& model = member(root, "model");
  const auto type = text_or(model, "type", "BPE");
  if (type != "BPE")
    return fail(fault::refused, "a model of type \"" + type + "\" is not one of ours", "BPE is");
  auto tokens = read_vocabulary(model);
  if (!tokens)
    return fail(tokens);
  auto merges = read_merges(model);
  if (!merges)
    return fail(merges);
  if (auto seated = seat(added, *tokens); !seated)
    return seated;
  auto words = vocabulary::of(std::move(*tokens));
  if (!words)
    return fail(words);
  parts.words = std::make_shared<const vocabulary>(std::move(*words));
  auto how = read_settings(model, *parts.words);
  if (!how)
    return fail(how);
  auto merge = bpe::of_merges(parts.words, *merges, std::move(*how), true);
  if (!merge)
    return fail(merge);
  parts.merge = std::move(*merge);
  return done{};
}

result<done> read_steps(const json& root, tokenizer_parts& parts) {
  auto normalize = read_normalizer(member(root, "normalizer"));
  if (!normalize)
    return fail(normalize);
  parts.normalize = std::move(*normalize);
  auto split = read_pre_tokenizer(member(root, "pre_tokenizer"));
  if (!split)
    return fail(split);
  parts.split = std::move(*split);
  auto decode = read_decoder(member(root, "decoder"));
  if (!decode)
    return fail(decode);
  parts.decode = std::move(*decode);
  return done{};
}

/// Tokens that are looked for in normalized text are normalized themselves.
result<done> place_added(std::vector<added_token> added, tokenizer_parts& parts) {
  for (auto& one : added) {
    if (!one.normalized) {
      parts.added.add(std::move(one));
      continue;
    }
    for (const auto& step : parts.normalize) {
      auto text = step(std::move(one.text));
      if (!text)
        return fail(text);
      one.text = std::move(*text);
    }
    parts.added_normalized.add(std::move(one));
  }
  return done{};
}

/// What the post processor puts around a text tells BOS and EOS.
void read_surroundings(const json& from, const vocabulary& words, tokenizer_parts& parts, std::size_t depth) {
  if (depth > step_nesting_max)
    return;
  for (const auto& one : member(from, "processors"))
    read_surroundings(one, words, parts, depth + 1);
  const auto& single = member(from, "single");
  if (!single.is_array() || single.empty())
    return;
  const auto& first = member(single.front(), "SpecialToken");
  const auto& last = member(single.back(), "SpecialToken");
  const auto id_of = [&](const json& special) { return words.find(text_or(special, "id", "")); };
  if (first.is_object() && id_of(first)) {
    parts.bos = id_of(first);
    parts.adds_bos = true;
  }
  if (single.size() > 1 && last.is_object() && id_of(last)) {
    parts.eos = id_of(last);
    parts.adds_eos = true;
  }
}

/// "<s>", or {"content": "<s>"}.
std::optional<token_id> named_token(const json& config, const char* key, const vocabulary& words) {
  const auto& value = member(config, key);
  const auto name = value.is_string() ? value.get<std::string>() : text_or(value, "content", "");
  return name.empty() ? std::nullopt : words.find(name);
}

void read_config(const json& config, tokenizer_parts& parts) {
  if (const auto bos = named_token(config, "bos_token", *parts.words))
    parts.bos = bos;
  if (const auto eos = named_token(config, "eos_token", *parts.words))
    parts.eos = eos;
  parts.adds_bos = flag_or(config, "add_bos_token", parts.adds_bos) && parts.bos;
  parts.adds_eos = flag_or(config, "add_eos_token", parts.adds_eos) && parts.eos;
}

} // namespace

result<tokenizer> read_tokenizer_json(std::string_view text) { return read_tokenizer_json(text, "{}"); }

result<tokenizer> read_tokenizer_json(std::string_view text, std::string_view config) {
  auto root = parse(text, "the tokenizer");
  if (!root)
    return fail(root);
  auto settings = parse(config, "tokenizer_config.json");
  if (!settings)
    return fail(settings);
  tokenizer_parts parts;
  auto added = read_added(*root);
  if (!added)
    return fail(added);
  if (auto model = read_model(*root, *added, parts); !model)
    return fail(model);
  if (auto steps = read_steps(*root, parts); !steps)
    return fail(steps);
  if (auto placed = place_added(std::move(*added), parts); !placed)
    return fail(placed);
  read_surroundings(member(*root, "post_processor"), *parts.words, parts, 0);
  read_config(*settings, parts);
  parts.special_in_text = true;
  return tokenizer(std::move(parts));
}

} // namespace troupe::kernels
