#include "workflows/language/explain/editor_schema.hpp"
#include "workflows/language/grammar/files.hpp"
#include "workflows/language/grammar/steps.hpp"
#include "workflows/language/grammar/tests.hpp"

#include <limits>

namespace troupe::workflow {
namespace {

using grammar::form;
using grammar::shape;

std::string cell(std::string_view text) {
  std::string safe;
  for (const char c : text)
    safe += c == '|' ? std::string("\\|") : std::string(1, c);
  return safe;
}

std::string words_of(std::string_view words) {
  std::string text = "`";
  for (const char c : words)
    text += c == ' ' ? std::string("`, `") : std::string(1, c);
  return text + "`";
}

std::string kind_of(const shape& s) {
  constexpr auto unbounded = std::numeric_limits<std::int64_t>::max();
  switch (s.is) {
  case form::word:
    return words_of(s.words);
  case form::count:
  case form::count_or_formula:
    return "number" +
           (s.most == unbounded ? "" : ", " + std::to_string(s.least) + " to " + std::to_string(s.most)) +
           (s.is == form::count ? "" : ", or expression");
  case form::value:
    return "value";
  case form::condition:
    return "condition";
  case form::text:
    return "text, literal";
  case form::formula_text:
    return "text";
  case form::identifier:
  case form::label:
  case form::kind:
    return "name";
  case form::boolean:
    return "true, false";
  case form::amount:
    return "number";
  case form::duration:
    return "duration";
  case form::duration_or_formula:
    return "duration, or expression";
  case form::schema:
    return "JSON Schema";
  case form::steps:
    return "steps";
  case form::step:
    return "step";
  case form::map:
    return "map";
  case form::named:
    return "names: " + kind_of(*s.of);
  case form::list:
    return "list: " + kind_of(*s.of);
  case form::one_or_many:
    return kind_of(*s.of) + ", or list";
  case form::either:
    break;
  }
  std::string text;
  for (const shape* choice : s.choices)
    text += (text.empty() ? "" : ", or ") + kind_of(*choice);
  return text;
}

void add_keys(std::string& text, const shape& s, const std::string& above);

// The maps inside follow their key, by their path.
void add_inner(std::string& text, const shape& s, const std::string& path) {
  if (s.is == form::map)
    add_keys(text, s, path + ".");
  else if (s.is == form::list || s.is == form::one_or_many || s.is == form::named)
    add_inner(text, *s.of, path + (s.is == form::named ? ".NAME" : "[]"));
  for (const shape* choice : s.choices)
    add_inner(text, *choice, path);
}

void add_keys(std::string& text, const shape& s, const std::string& above) {
  for (const grammar::key& k : s.keys) {
    text += "| `" + above + std::string(k.name) + "` | " + cell(kind_of(*k.holds)) + " | " +
            (k.required ? "yes" : "") + " | " + cell(k.doc) + " |\n";
    add_inner(text, *k.holds, above + std::string(k.name));
  }
}

std::string key_table(const shape& s) {
  std::string text = "| key | what | required | |\n|---|---|---|---|\n";
  add_keys(text, s, "");
  return text + "\n";
}

} // namespace

std::string language_reference() {
  std::string text = "### The file\n\n" + key_table(grammar::workflow_file);
  text += "### Verbs\n\n| verb | what it does | result `steps.ID` |\n|---|---|---|\n";
  for (const auto& row : grammar::verbs())
    text += "| `" + std::string(row.name) + "` | " + cell(row.doc) + " | " + cell(row.result) + " |\n";
  text += "\n### What stands inside the verbs\n\n";
  std::string inner;
  for (const auto& row : grammar::verbs())
    add_inner(inner, *row.holds, std::string(row.name));
  text += "| key | what | required | |\n|---|---|---|---|\n" + inner + "\n";
  text += "### Attributes of steps\n\n| attribute | what | of | |\n|---|---|---|---|\n";
  for (const auto& row : grammar::attributes())
    text += "| `" + std::string(row.name) + "` | " + cell(kind_of(*row.holds)) + " | " +
            cell(grammar::verb_words(row.taken_by)) + " | " + cell(row.doc) + " |\n";
  std::string parts;
  for (const auto& row : grammar::attributes())
    add_inner(parts, *row.holds, std::string(row.name));
  text += "\n| inside them | what | required | |\n|---|---|---|---|\n" + parts + "\n";
  text += "### Agent files\n\n" + key_table(grammar::agent_file);
  return text + "### Test files\n\n" + key_table(grammar::test_file);
}

} // namespace troupe::workflow
