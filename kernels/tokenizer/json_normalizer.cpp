#include "kernels/tokenizer/json_steps.hpp"
#include "kernels/tokenizer/json_values.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace troupe::kernels {

namespace {

using namespace json_values;

result<text_step> read_replace(const json& from) {
  const auto& what = member(from, "pattern");
  auto with = text(from, "content", "the normalizer Replace");
  if (!with)
    return fail(with);
  if (member(what, "String").is_string())
    return replace_step(member(what, "String").get<std::string>(), std::move(*with));
  const auto source = text(what, "Regex", "the normalizer Replace");
  if (!source)
    return fail(source);
  auto compiled = pattern::compile(*source);
  if (!compiled)
    return fail_in("the normalizer Replace", compiled);
  return replace_step(std::move(*compiled), std::move(*with));
}

result<text_step> read_prepend(const json& from) {
  auto what = text(from, "prepend", "the normalizer Prepend");
  if (!what)
    return fail(what);
  return prepend_step(std::move(*what));
}

struct plain_step {
  std::string_view name;
  text_step (*make)();
};

const std::array<plain_step, 7> plain_steps{{
    {"NFC", [] { return normalize_step(unicode::form::nfc); }},
    {"NFD", [] { return normalize_step(unicode::form::nfd); }},
    {"NFKC", [] { return normalize_step(unicode::form::nfkc); }},
    {"NFKD", [] { return normalize_step(unicode::form::nfkd); }},
    {"Lowercase", lower_step},
    {"StripAccents", strip_accents_step},
    {"ByteLevel", byte_level_step},
}};

result<text_step> read_step(const json& from, const std::string& type) {
  for (const auto& known : plain_steps)
    if (known.name == type)
      return known.make();
  if (type == "Strip")
    return strip_step(flag_or(from, "strip_left", true), flag_or(from, "strip_right", true));
  if (type == "Prepend")
    return read_prepend(from);
  if (type == "Replace")
    return read_replace(from);
  return fail(
      fault::refused, "the normalizer \"" + type + "\" is not one of ours",
      "ours: NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Prepend, Replace, ByteLevel, Sequence");
}

result<done> read_into(const json& from, std::vector<text_step>& to, std::size_t depth) {
  if (from.is_null())
    return done{};
  if (depth > step_nesting_max)
    return fail(fault::refused, "normalizers are nested too deeply");
  const auto type = text(from, "type", "a normalizer");
  if (!type)
    return fail(type);
  if (*type == "Sequence") {
    for (const auto& one : member(from, "normalizers"))
      if (auto read = read_into(one, to, depth + 1); !read)
        return read;
    return done{};
  }
  auto step = read_step(from, *type);
  if (!step)
    return fail(step);
  to.push_back(std::move(*step));
  return done{};
}

} // namespace

result<std::vector<text_step>> read_normalizer(const nlohmann::json& from) {
  std::vector<text_step> steps;
  if (auto read = read_into(from, steps, 0); !read)
    return fail(read);
  return steps;
}

} // namespace troupe::kernels
