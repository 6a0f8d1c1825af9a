#include "config/diagnostic/codes.hpp"
#include "config/document/yaml_adapter.hpp"

#include <algorithm>
#include <iterator>

namespace troupe::config {
namespace {

bool is_control(unsigned char c) { return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7F; }

std::optional<diagnostic> refuse_bytes(const source& in, const document_limits& bounds) {
  const std::string& text = in.text();
  if (text.size() > bounds.bytes)
    return make_error(in.name(), codes::too_large,
                      "the file has " + std::to_string(text.size()) + " bytes; a document may have " +
                          std::to_string(bounds.bytes),
                      "split it into several files");
  const std::size_t invalid = first_invalid_utf8(text);
  if (invalid != std::string_view::npos)
    return make_error(in, in.between(invalid, invalid + 1), codes::not_utf8, "this byte is not UTF-8",
                      "save the file as UTF-8");
  const auto control = std::find_if(text.begin(), text.end(), is_control);
  if (control == text.end())
    return std::nullopt;
  const auto at = static_cast<std::size_t>(control - text.begin());
  return make_error(in, in.between(at, at + 1), codes::control_character,
                    "a control character is not allowed here",
                    "remove it, or write it as an escape in double quotes");
}

std::string without_spaces(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
               [](char c) { return c != ' ' && c != '\t' && c != '\n' && c != '\r'; });
  return kept;
}

// A block scalar changes nothing but spaces and line breaks. The library has been seen to break this, and a
// text that nobody wrote must not reach a workflow.
void check_blocks(const tree& parsed, diagnostics& found) {
  for (const slot& s : parsed.slots) {
    if (s.style != scalar_style::literal && s.style != scalar_style::folded)
      continue;
    const std::string_view written =
        std::string_view(parsed.in.text()).substr(s.content_begin, s.content_end - s.content_begin);
    if (without_spaces(written) != without_spaces(s.text))
      found.add(make_error(parsed.in, parsed.in.between(s.begin, s.end), codes::syntax,
                           "this block of text cannot be read reliably", "write it in double quotes"));
  }
}

struct attempt {
  std::unique_ptr<tree> parsed;
  diagnostics found;
  bool again = false;
};

attempt read_once(source in, bool with_end_mark, const document_limits& bounds) {
  attempt made;
  made.parsed = std::make_unique<tree>(std::move(in));
  tree_builder builder(*made.parsed, bounds, made.found);
  made.again = read_yaml(made.parsed->in, with_end_mark, builder, made.found);
  return made;
}

void make_null_root(tree& empty) {
  slot& root = empty.slots.emplace_back();
  root.begin = root.end = empty.in.mark_bytes();
  root.content_begin = root.content_end = root.begin;
  root.height = 0;
}

} // namespace

std::optional<document> parse_document(source in, diagnostics& found, const document_limits& bounds) {
  if (auto refused = refuse_bytes(in, bounds)) {
    found.add(std::move(*refused));
    return std::nullopt;
  }
  attempt made = read_once(std::move(in), false, bounds);
  if (made.again)
    made = read_once(std::move(made.parsed->in), true, bounds);
  check_blocks(*made.parsed, made.found);
  if (made.parsed->slots.empty())
    make_null_root(*made.parsed);
  found.add_all(made.found);
  if (made.found.errors() > 0)
    return std::nullopt;
  return document(std::move(made.parsed));
}

} // namespace troupe::config
