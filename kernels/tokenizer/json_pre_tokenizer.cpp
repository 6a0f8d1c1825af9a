#include "kernels/tokenizer/json_steps.hpp"
#include "kernels/tokenizer/json_values.hpp"
#include "kernels/unicode/properties.hpp"
#include "kernels/unicode/utf8.hpp"

#include <nlohmann/json.hpp>

namespace troupe::kernels {

namespace {

using namespace json_values;

result<delimiters> read_behavior(const json& from, const char* otherwise) {
  const auto name = text_or(from, "behavior", otherwise);
  if (name == "Isolated")
    return delimiters::isolated;
  if (name == "Removed")
    return delimiters::removed;
  if (name == "MergedWithPrevious")
    return delimiters::with_previous;
  if (name == "MergedWithNext")
    return delimiters::with_next;
  if (name == "Contiguous")
    return delimiters::contiguous;
  return fail(fault::refused, "a pre_tokenizer's behavior \"" + name + "\" is not one of ours");
}

bool is_punctuation(char32_t c) {
  if (c < 128)
    return c > ' ' && c < 127 && !(c >= '0' && c <= '9') && (c | 0x20u) - 'a' >= 26u;
  return unicode::is_in(c, unicode::categories::punctuation);
}

bool is_number(char32_t c) { return unicode::is_in(c, unicode::categories::number); }

result<split_step> read_split(const json& from) {
  const auto behavior = read_behavior(from, "Isolated");
  if (!behavior)
    return fail(behavior);
  const bool inverted = flag_or(from, "invert", false);
  const auto& what = member(from, "pattern");
  if (member(what, "String").is_string())
    return split_by_text(member(what, "String").get<std::string>(), *behavior, inverted);
  const auto source = text(what, "Regex", "the pre_tokenizer Split");
  if (!source)
    return fail(source);
  auto compiled = pattern::compile(*source);
  if (!compiled)
    return fail_in("the pre_tokenizer Split", compiled);
  return split_by_pattern(std::move(*compiled), *behavior, inverted);
}

result<split_step> read_metaspace(const json& from) {
  const auto mark = text_or(from, "replacement", "▁");
  const auto scheme =
      text_or(from, "prepend_scheme", flag_or(from, "add_prefix_space", true) ? "always" : "never");
  const auto prefix = scheme == "always"  ? metaspace_prefix::always
                      : scheme == "first" ? metaspace_prefix::first
                                          : metaspace_prefix::never;
  if (prefix == metaspace_prefix::never && scheme != "never")
    return fail(fault::refused, "Metaspace's prepend_scheme \"" + scheme + "\" is not one of ours");
  return metaspace_split(mark, prefix, flag_or(from, "split", true));
}

result<split_step> read_character_delimiter(const json& from) {
  const auto delimiter = text(from, "delimiter", "the pre_tokenizer CharDelimiterSplit");
  if (!delimiter)
    return fail(delimiter);
  return split_by_text(*delimiter, delimiters::removed, false);
}

result<split_step> read_punctuation(const json& from) {
  const auto behavior = read_behavior(from, "Isolated");
  if (!behavior)
    return fail(behavior);
  return split_by_character(is_punctuation, *behavior);
}

result<split_step> read_whitespace() {
  auto words = pattern::compile(R"(\w+|[^\w\s]+)");
  if (!words)
    return fail(words);
  return split_by_pattern(std::move(*words), delimiters::removed, true);
}

result<split_step> read_step(const json& from, const std::string& type) {
  if (type == "ByteLevel")
    return byte_level_split(flag_or(from, "add_prefix_space", true), flag_or(from, "use_regex", true));
  if (type == "Split")
    return read_split(from);
  if (type == "Digits")
    return split_by_character(is_number, flag_or(from, "individual_digits", false) ? delimiters::isolated
                                                                                   : delimiters::contiguous);
  if (type == "Metaspace")
    return read_metaspace(from);
  if (type == "Punctuation")
    return read_punctuation(from);
  if (type == "Whitespace")
    return read_whitespace();
  if (type == "WhitespaceSplit")
    return split_by_character(unicode::is_white_space, delimiters::removed);
  if (type == "CharDelimiterSplit")
    return read_character_delimiter(from);
  return fail(fault::refused, "the pre_tokenizer \"" + type + "\" is not one of ours",
              "ours: ByteLevel, Split, Digits, Metaspace, Punctuation, Whitespace, WhitespaceSplit, "
              "CharDelimiterSplit, BertPreTokenizer, Sequence");
}

result<done> read_into(const json& from, std::vector<split_step>& to, std::size_t depth) {
  if (from.is_null())
    return done{};
  if (depth > step_nesting_max)
    return fail(fault::refused, "pre_tokenizers are nested too deeply");
  const auto type = text(from, "type", "a pre_tokenizer");
  if (!type)
    return fail(type);
  if (*type == "Sequence") {
    for (const auto& one : member(from, "pretokenizers"))
      if (auto read = read_into(one, to, depth + 1); !read)
        return read;
    return done{};
  }
  if (*type == "BertPreTokenizer") {
    to.push_back(split_by_character(unicode::is_white_space, delimiters::removed));
    to.push_back(split_by_character(is_punctuation, delimiters::isolated));
    return done{};
  }
  auto step = read_step(from, *type);
  if (!step)
    return fail(step);
  to.push_back(std::move(*step));
  return done{};
}

} // namespace

result<std::vector<split_step>> read_pre_tokenizer(const nlohmann::json& from) {
  std::vector<split_step> steps;
  if (auto read = read_into(from, steps, 0); !read)
    return fail(read);
  return steps;
}

} // namespace troupe::kernels
