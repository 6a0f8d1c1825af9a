#include "kernels/tokenizer/tokenizer.hpp"

#include "kernels/tokenizer/byte_alphabet.hpp"
#include "kernels/unicode/utf8.hpp"

namespace troupe::kernels {

tokenizer::tokenizer(tokenizer_parts parts)
    : parts_(std::move(parts)) {
  ensure(parts_.words != nullptr && parts_.merge.has_value(), "a tokenizer has a vocabulary and a model");
  for (const auto* list : {&parts_.added, &parts_.added_normalized})
    for (const auto& one : list->all())
      added_by_id_.emplace(one.id, &one);
}

result<std::vector<token_id>> tokenizer::encode(std::string_view text, encoding_options how) const {
  if (text.size() > encoded_text_max)
    return fail(fault::refused, "a text of " + std::to_string(text.size()) + " bytes; at most " +
                                    std::to_string(encoded_text_max) + " are encoded at once");
  if (const auto at = unicode::first_invalid(text); at != std::string_view::npos)
    return fail(fault::invalid, "the text is no UTF-8 at byte " + std::to_string(at + 1));
  std::vector<token_id> ids;
  if (how.bos) {
    if (!parts_.bos)
      return fail(fault::invalid, "this vocabulary has no BOS token", "leave out --bos");
    ids.push_back(*parts_.bos);
  }
  bool after_token = true;
  for (const auto& part : parts_.added.cut(text, how.special)) {
    if (part.token) {
      ids.push_back(*part.token);
    } else {
      const auto stretch = text.substr(part.where.begin, part.where.end - part.where.begin);
      if (auto put = encode_stretch(stretch, how.special, part.where.begin == 0, after_token, ids); !put)
        return fail(put);
    }
    after_token = part.token.has_value();
  }
  return ids;
}

result<done> tokenizer::encode_stretch(std::string_view text, bool special, bool at_begin, bool after_token,
                                       std::vector<token_id>& ids) const {
  auto changed = std::string(after_token ? parts_.stretch_prefix : "") + std::string(text);
  for (const auto& step : parts_.normalize) {
    auto next = step(std::move(changed));
    if (!next)
      return fail(next);
    changed = std::move(*next);
    if (changed.size() > 4 * encoded_text_max)
      return fail(fault::refused, "the text grows too much as it is normalized");
  }
  if (parts_.added_normalized.empty())
    return encode_words(std::move(changed), at_begin, ids);
  for (const auto& part : parts_.added_normalized.cut(changed, special)) {
    if (part.token) {
      ids.push_back(*part.token);
      continue;
    }
    auto words = changed.substr(part.where.begin, part.where.end - part.where.begin);
    if (auto put = encode_words(std::move(words), at_begin && part.where.begin == 0, ids); !put)
      return put;
  }
  return done{};
}

result<done> tokenizer::encode_words(std::string text, bool at_begin, std::vector<token_id>& ids) const {
  if (text.empty())
    return done{};
  const auto size = text.size();
  word_cuts cuts{std::move(text), {{0, size}}, at_begin};
  for (const auto& step : parts_.split)
    if (auto cut = step(cuts); !cut)
      return cut;
  const std::string_view all = cuts.text;
  for (const auto& [begin, end] : cuts.words)
    parts_.merge->encode(all.substr(begin, end - begin), ids);
  return done{};
}

std::string tokenizer::decode(std::span<const token_id> ids, bool special) const {
  detokenizer out(*this, special);
  std::string text;
  for (const auto id : ids)
    text += out.next(id);
  return text += out.finish();
}

std::optional<std::string> tokenizer::added_text(token_id id) const {
  const auto found = added_by_id_.find(id);
  return found == added_by_id_.end() ? std::nullopt : std::optional(found->second->text);
}

std::optional<token_id> tokenizer::find(std::string_view text) const {
  for (const auto& [id, one] : added_by_id_)
    if (one->text == text)
      return id;
  return parts_.words->find(text);
}

bool tokenizer::is_special(token_id id) const {
  if (const auto found = added_by_id_.find(id); found != added_by_id_.end())
    return found->second->special;
  if (!parts_.words->has(id))
    return false;
  const auto kind = words()[id].kind;
  return kind == token_kind::control || kind == token_kind::unused;
}

std::string tokenizer::bytes_of(token_id id) const {
  auto text = added_text(id);
  if (!text && parts_.words->has(id)) {
    if (words()[id].kind == token_kind::unknown && !parts_.decode.unknown.empty())
      return parts_.decode.unknown;
    text = words()[id].text;
  }
  if (!text)
    return {};
  for (const auto& [what, with] : parts_.decode.replace)
    text = replace_step(what, with)(std::move(*text)).value();
  if (parts_.decode.byte_tokens)
    if (const auto byte = byte_of_token(*text))
      return std::string(1, static_cast<char>(*byte));
  return parts_.decode.byte_level ? byte_level_bytes(*text) : std::move(*text);
}

} // namespace troupe::kernels
