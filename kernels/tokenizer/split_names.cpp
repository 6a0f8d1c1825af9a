#include "kernels/tokenizer/split_names.hpp"

#include "kernels/tokenizer/steps.hpp"

#include <algorithm>
#include <array>

namespace troupe::kernels {

namespace {

// The expressions are those of the models' own tokenizer.json files.
#define TROUPE_CONTRACTIONS R"((?i:'s|'t|'re|'ve|'m|'ll|'d))"
#define TROUPE_LINES_AND_SPACES R"(\s*[\r\n]+|\s+(?!\S)|\s+)"

constexpr std::string_view llama3 = TROUPE_CONTRACTIONS
    R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|)" TROUPE_LINES_AND_SPACES;
constexpr std::string_view qwen2 = TROUPE_CONTRACTIONS
    R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|)" TROUPE_LINES_AND_SPACES;
constexpr std::string_view qwen35 = TROUPE_CONTRACTIONS
    R"(|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|)" TROUPE_LINES_AND_SPACES;
constexpr std::string_view gpt4o =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)" TROUPE_CONTRACTIONS
    R"(?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)" TROUPE_CONTRACTIONS
    R"(?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|)" TROUPE_LINES_AND_SPACES;
constexpr std::string_view tekken =
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|)"
    R"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|)"
    R"(\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|)" TROUPE_LINES_AND_SPACES;
constexpr std::string_view bailing =
    R"('(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+)";
constexpr std::string_view seed_coder = TROUPE_CONTRACTIONS
    R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1}| ?[^\s\p{L}\p{N}\r\n]+|)" TROUPE_LINES_AND_SPACES;
constexpr std::string_view deepseek3 =
    R"([!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+|)"
    R"( ?[\p{P}\p{S}]+[\r\n]*|)" TROUPE_LINES_AND_SPACES;
constexpr std::string_view exaone_moe = TROUPE_CONTRACTIONS
    R"(|[^\r\n\p{L}\p{N}]?(?:\p{L}\p{M}*(?: \p{L}\p{M}*)*)+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+)";
constexpr std::string_view bloom = R"( ?[^(\s|.,!?…。，、।۔،)]+)";
constexpr std::string_view jais2 = TROUPE_CONTRACTIONS
    R"(|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|)"
    R"(\s{512}(?!\S)|\s{256}(?!\S)|\s{128}(?!\S)|\s{64}(?!\S)|\s{32}(?!\S)|\s{16}(?!\S)|\s{8}(?!\S)|)"
    R"(\s{4}(?!\S)|\s{1,2}(?!\S)|\s{1})";
// Latin, Greek, Cyrillic, Armenian, Georgian, Cherokee and other letters with case.
constexpr std::string_view deepseek_letters =
    R"(\s?[A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼ)"
    R"(ℂℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃]+)";
constexpr std::string_view deepseek_ideographs = "[一-龥ࠀ-一가-퟿]+";
constexpr std::string_view kana_and_ideographs = "[一-龥぀-ゟ゠-ヿ]+";
constexpr std::string_view ascii_punctuation_runs = R"([\p{P}\$\+<=>\^~\|`]+)";

#undef TROUPE_CONTRACTIONS
#undef TROUPE_LINES_AND_SPACES

struct known_split {
  std::vector<std::string_view> names;
  named_split how;
};

std::vector<known_split> make_known() {
  const std::string_view line = R"([\r\n])";
  const std::string_view digit = R"(\p{N})";
  const std::string_view digits = R"(\p{N}+)";
  const std::string_view three_digits = R"(\p{N}{1,3})";
  return {
      {{"gpt-2", "phi-2", "jina-es", "jina-de", "jina-v1-en", "jina-v2-es", "jina-v2-de", "jina-v2-code",
        "roberta-bpe", "gigachat", "a.x-4.0", "mellum", "modern-bert", "jais", "trillion", "granite-docling",
        "exaone4"},
       {{gpt2_words}}},
      {{"mpt", "gpt-neox", "olmo"}, {{gpt2_words}, false, false, true}},
      {{"llama3", "llama-v3", "llama-bpe", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2",
        "jina-v5-nano"},
       {{llama3}, true, true}},
      {{"dbrx", "smaug-bpe", "glm4", "chatglm-bpe"}, {{llama3}}},
      {{"qwen2", "deepseek-r1-qwen", "megrez", "stablelm2", "kormo", "f2llmv2"},
       {{qwen2}, false, false, true}},
      {{"hunyuan", "grok-2", "solar-open"}, {{qwen2}}},
      {{"qwen35"}, {{qwen35}, false, false, true}},
      {{"deepseek-llm"},
       {{line, deepseek_letters, R"(\s?[!-/:-~！-／：-～‘-‟　-。]+)", R"(\s+$)", deepseek_ideographs,
         digits}}},
      {{"deepseek-coder"}, {{line, R"(\s?\p{L}+)", R"(\s?\p{P}+)", deepseek_ideographs, digit}}},
      {{"deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"},
       {{three_digits, kana_and_ideographs, deepseek3}}},
      {{"falcon"}, {{ascii_punctuation_runs, gpt2_words, digits, "[0-9][0-9][0-9]"}}},
      {{"command-r"}, {{digit, gpt2_words}, false, false, true}},
      {{"starcoder", "refact", "smollm", "codeshell", "exaone", "minerva-7b", "mellum2"},
       {{digit, gpt2_words}}},
      {{"gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2"}, {{gpt4o}}},
      {{"tiny_aya", "cohere2moe"}, {{R"(\d{1,3}(?=(?:\d{3})*\b))", gpt4o}}},
      {{"tekken"}, {{tekken}, true, true}},
      {{"bailingmoe", "bailingmoe2", "llada-moe"}, {{bailing}}},
      {{"seed-coder"}, {{seed_coder}}},
      {{"exaone-moe"}, {{exaone_moe}}},
      {{"poro-chat", "bloom", "gpt3-finnish"}, {{bloom}}},
      {{"viking"}, {{bloom, digit}}},
      {{"superbpe"}, {{digits, R"((?=(\d{3})+(?!\d)))"}}},
      {{"jais-2"}, {{jais2}}},
      {{"default"}, {{ascii_punctuation_runs, gpt2_words, digits, "[0-9][0-9][0-9]"}}},
  };
}

} // namespace

std::optional<named_split> split_named(std::string_view name) {
  static const auto known = make_known();
  for (const auto& [names, how] : known)
    if (std::ranges::find(names, name) != names.end())
      return how;
  return std::nullopt;
}

std::string_view some_split_names() {
  return "gpt-2, llama-bpe, qwen2, deepseek-coder, starcoder, falcon, tekken, ...";
}

} // namespace troupe::kernels
