#include "kernels/tokenizer/sentencepiece.hpp"

#include "kernels/tokenizer/read.hpp"
#include "kernels/tokenizer/wire.hpp"

#include <bit>

namespace troupe::kernels {

namespace {

// Numbers of fields in SentencePiece's ModelProto and the messages within.
namespace model_field {
constexpr std::uint32_t piece = 1, trainer = 2, normalizer = 3;
}
namespace piece_field {
constexpr std::uint32_t text = 1, score = 2, type = 3;
}
namespace trainer_field {
constexpr std::uint32_t model_type = 3, whitespace_as_suffix = 24, byte_fallback = 35, unk_surface = 44,
                        bos_piece = 46, eos_piece = 47;
}
namespace normalizer_field {
constexpr std::uint32_t character_map = 2, add_dummy_prefix = 3, remove_extra_whitespaces = 4,
                        escape_whitespaces = 5;
}
constexpr std::uint64_t bpe_model = 2;

struct piece_model {
  std::vector<token> tokens;
  std::uint64_t model_type = 1; // where nothing is said it is a unigram model
  bool byte_fallback = false;
  std::string bos = "<s>";
  std::string eos = "</s>";
  std::string unknown_shown = " ⁇ ";
  std::string_view character_map;
  piece_spacing spacing;
};

/// Calls `take` with each field.
template<class Take>
result<done> each_field(std::string_view message, Take take) {
  wire_reader fields(message);
  for (;;) {
    const auto field = fields.next();
    if (!field)
      return fail(field);
    if (!*field)
      return done{};
    if (auto taken = take(**field); !taken)
      return taken;
  }
}

result<token_kind> kind_of(std::uint64_t type) {
  switch (type) {
  case 1:
    return token_kind::normal;
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
    return fail(fault::corrupt, "a piece of type " + std::to_string(type));
  }
}

result<done> read_piece(std::string_view message, piece_model& to) {
  token one;
  auto read = each_field(message, [&one](const wire_field& field) -> result<done> {
    if (field.number == piece_field::text)
      one.text = std::string(field.bytes);
    if (field.number == piece_field::score)
      one.score = std::bit_cast<float>(static_cast<std::uint32_t>(field.value));
    if (field.number == piece_field::type) {
      const auto kind = kind_of(field.value);
      if (!kind)
        return fail(kind);
      one.kind = *kind;
    }
    return done{};
  });
  if (!read)
    return read;
  if (to.tokens.size() >= vocabulary_max)
    return fail(fault::refused, "more than " + std::to_string(vocabulary_max) + " pieces");
  to.tokens.push_back(std::move(one));
  return done{};
}

result<done> read_trainer(std::string_view message, piece_model& to) {
  return each_field(message, [&to](const wire_field& field) -> result<done> {
    if (field.number == trainer_field::model_type)
      to.model_type = field.value;
    if (field.number == trainer_field::whitespace_as_suffix)
      to.spacing.whitespace_as_suffix = field.value != 0;
    if (field.number == trainer_field::byte_fallback)
      to.byte_fallback = field.value != 0;
    if (field.number == trainer_field::unk_surface)
      to.unknown_shown = std::string(field.bytes);
    if (field.number == trainer_field::bos_piece)
      to.bos = std::string(field.bytes);
    if (field.number == trainer_field::eos_piece)
      to.eos = std::string(field.bytes);
    return done{};
  });
}

result<done> read_normalizer_spec(std::string_view message, piece_model& to) {
  return each_field(message, [&to](const wire_field& field) -> result<done> {
    if (field.number == normalizer_field::character_map)
      to.character_map = field.bytes;
    if (field.number == normalizer_field::add_dummy_prefix)
      to.spacing.add_dummy_prefix = field.value != 0;
    if (field.number == normalizer_field::remove_extra_whitespaces)
      to.spacing.remove_extra_whitespaces = field.value != 0;
    if (field.number == normalizer_field::escape_whitespaces)
      to.spacing.escape_whitespaces = field.value != 0;
    return done{};
  });
}

result<piece_model> read_model(std::string_view message) {
  piece_model model;
  auto read = each_field(message, [&model](const wire_field& field) -> result<done> {
    if (field.number == model_field::piece)
      return read_piece(field.bytes, model);
    if (field.number == model_field::trainer)
      return read_trainer(field.bytes, model);
    if (field.number == model_field::normalizer)
      return read_normalizer_spec(field.bytes, model);
    return done{};
  });
  if (!read)
    return fail(read);
  return model;
}

std::string name_of_model(std::uint64_t type) {
  switch (type) {
  case 1:
    return "unigram";
  case 3:
    return "word";
  case 4:
    return "char";
  default:
    return std::to_string(type);
  }
}

std::optional<token_id> control_named(const vocabulary& words, std::string_view name) {
  const auto id = words.find(name);
  return id && words[*id].kind == token_kind::control ? id : std::nullopt;
}

std::optional<token_id> unknown_of(const vocabulary& words) {
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[static_cast<token_id>(i)].kind == token_kind::unknown)
      return static_cast<token_id>(i);
  return std::nullopt;
}

decoding decoding_of(const piece_model& model) {
  decoding how;
  how.byte_tokens = true;
  if (model.spacing.escape_whitespaces)
    how.replace.emplace_back("▁", " ");
  if (model.spacing.add_dummy_prefix && !model.spacing.whitespace_as_suffix) {
    how.strip = " ";
    how.strip_max = 1;
  }
  how.unknown = model.unknown_shown;
  return how;
}

void add_controls(tokenizer_parts& parts) {
  for (std::size_t i = 0; i < parts.words->size(); ++i) {
    const auto id = static_cast<token_id>(i);
    if (const auto& one = (*parts.words)[id]; one.kind == token_kind::control)
      parts.added.add({one.text, id, true});
  }
}

result<done> add_steps(piece_model& model, tokenizer_parts& parts) {
  auto map = character_map::read(model.character_map);
  if (!map)
    return fail(map);
  const auto normalizer =
      std::make_shared<const piece_normalizer>(std::move(*map), model.spacing, *parts.words);
  parts.normalize.push_back(
      [normalizer](std::string text) -> result<std::string> { return (*normalizer)(text); });
  bpe_settings how;
  how.byte_fallback = model.byte_fallback;
  how.fuse_unknown = true;
  how.unknown = unknown_of(*parts.words);
  if (!how.unknown)
    return fail(fault::corrupt, "the model has no unknown piece");
  auto merge = bpe::of_scores(parts.words, std::move(how));
  if (!merge)
    return fail(merge);
  parts.merge = std::move(*merge);
  return done{};
}

} // namespace

result<tokenizer> read_sentencepiece(std::span<const std::byte> bytes) {
  auto model = read_model({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!model)
    return fail(model);
  if (model->model_type != bpe_model)
    return fail(fault::refused,
                "a SentencePiece model of kind " + name_of_model(model->model_type) + " is not one of ours",
                "BPE is");
  auto words = vocabulary::of(std::move(model->tokens));
  if (!words)
    return fail(words);
  tokenizer_parts parts;
  parts.words = std::make_shared<const vocabulary>(std::move(*words));
  add_controls(parts);
  if (auto steps = add_steps(*model, parts); !steps)
    return fail(steps);
  parts.decode = decoding_of(*model);
  parts.bos = control_named(*parts.words, model->bos);
  parts.eos = control_named(*parts.words, model->eos);
  parts.adds_bos = parts.bos.has_value();
  return tokenizer(std::move(parts));
}

} // namespace troupe::kernels
