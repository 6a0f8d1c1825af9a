// The only file that knows libfyaml: it turns the library's events and errors into ours.
#include "config/document/yaml_adapter.hpp"

#include "config/diagnostic/codes.hpp"
#include "config/document/syntax_message.hpp"

#include <algorithm>
#include <libfyaml.h>

namespace troupe::config {
namespace {

struct diag_closer {
  void operator()(fy_diag* d) const { fy_diag_destroy(d); }
};
struct iterator_closer {
  void operator()(fy_token_iter* i) const { fy_token_iter_destroy(i); }
};
struct parser_closer {
  void operator()(fy_parser* p) const { fy_parser_destroy(p); }
};

using diag_handle = std::unique_ptr<fy_diag, diag_closer>;
using parser_handle = std::unique_ptr<fy_parser, parser_closer>;

// The parser lends its events.
struct event_closer {
  fy_parser* from;
  void operator()(fy_event* e) const { fy_parser_event_free(from, e); }
};

// By default the library prints to stderr; collecting needs both a sink of no file and the flags.
diag_handle make_diag() {
  fy_diag_cfg settings;
  fy_diag_cfg_default(&settings);
  settings.fp = nullptr;
  settings.colorize = false;
  diag_handle made(fy_diag_create(&settings));
  ensure(made != nullptr, "libfyaml makes a diagnostic sink");
  fy_diag_set_collect_errors(made.get(), true);
  return made;
}

parser_handle make_parser(fy_diag* sink) {
  fy_parse_cfg settings{};
  // Depth is ours to limit, with a position; JSON is read as the YAML it is.
  constexpr unsigned flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DISABLE_DEPTH_LIMIT | FYPCF_JSON_NONE |
                             FYPCF_DEFAULT_VERSION_1_2;
  settings.search_path = "";
  settings.flags = static_cast<fy_parse_cfg_flags>(flags);
  settings.diag = sink;
  parser_handle made(fy_parser_create(&settings));
  ensure(made != nullptr, "libfyaml makes a parser");
  return made;
}

std::string text_of(fy_token* token) {
  if (token == nullptr)
    return {};
  std::size_t length = 0;
  const char* text = fy_token_get_text(token, &length);
  return text == nullptr ? std::string() : std::string(text, length);
}

// Single-quoted text is read piece by piece: fy_token_get_text leaks up to 64 KiB for one with many doubled
// quotes (libfyaml 0.7.12, measured). Of the other styles only blocks of blank lines leak, half a kilobyte
// each, and those cannot be read in pieces.
std::string quoted_text(fy_token* token) {
  const std::unique_ptr<fy_token_iter, iterator_closer> pieces(fy_token_iter_create(token));
  ensure(pieces != nullptr, "libfyaml makes an iterator");
  std::string text;
  int failure = 0;
  for (const fy_iter_chunk* piece = fy_token_iter_chunk_next(pieces.get(), nullptr, &failure);
       piece != nullptr; piece = fy_token_iter_chunk_next(pieces.get(), piece, &failure))
    text.append(piece->str, piece->len);
  return failure == 0 ? text : text_of(token);
}

scalar_style style_of(fy_token* token) {
  switch (fy_token_scalar_style(token)) {
  case FYSS_SINGLE_QUOTED:
    return scalar_style::single_quoted;
  case FYSS_DOUBLE_QUOTED:
    return scalar_style::double_quoted;
  case FYSS_LITERAL:
    return scalar_style::literal;
  case FYSS_FOLDED:
    return scalar_style::folded;
  default:
    return scalar_style::plain;
  }
}

class event_reader {
public:
  explicit event_reader(const source& in)
      : in_(in) {}

  // False for events that carry nothing: the stream's begin and end, a document's end.
  bool read(fy_event* from, yaml_event& to) const {
    to = yaml_event{};
    switch (from->type) {
    case FYET_DOCUMENT_START:
      read_document(from->document_start, to);
      return true;
    case FYET_MAPPING_START:
      to.what = yaml_event::type::map_begin;
      place(from->mapping_start.mapping_start, to);
      add_properties(from->mapping_start.tag, from->mapping_start.anchor, to);
      return true;
    case FYET_SEQUENCE_START:
      to.what = yaml_event::type::list_begin;
      place(from->sequence_start.sequence_start, to);
      add_properties(from->sequence_start.tag, from->sequence_start.anchor, to);
      return true;
    case FYET_MAPPING_END:
      to.what = yaml_event::type::map_end;
      place(from->mapping_end.mapping_end, to);
      return true;
    case FYET_SEQUENCE_END:
      to.what = yaml_event::type::list_end;
      place(from->sequence_end.sequence_end, to);
      return true;
    case FYET_SCALAR:
      read_scalar(from->scalar, to);
      return true;
    case FYET_ALIAS:
      read_alias(from->alias, to);
      return true;
    default:
      return false;
    }
  }

  // The parser never sees the byte order mark.
  std::size_t begin_of(fy_token* token) const { return offset(fy_token_start_mark(token)); }
  std::size_t end_of(fy_token* token) const { return offset(fy_token_end_mark(token)); }

private:
  std::size_t offset(const fy_mark* mark) const {
    const std::size_t at = mark == nullptr ? 0 : mark->input_pos;
    return std::min(at + in_.mark_bytes(), in_.text().size());
  }

  void place(fy_token* token, yaml_event& to) const {
    if (token == nullptr)
      return;
    to.begin = begin_of(token);
    to.end = std::max(to.begin, end_of(token));
  }

  void add_properties(fy_token* tag, fy_token* anchor, yaml_event& to) const {
    to.tag = text_of(tag);
    to.anchor = text_of(anchor);
    to.properties_begin = in_.text().size();
    for (fy_token* token : {tag, anchor}) {
      if (token == nullptr)
        continue;
      to.properties_begin = std::min(to.properties_begin, begin_of(token));
      to.properties_end = std::max(to.properties_end, end_of(token));
    }
  }

  void read_document(const fy_event_document_start_data& from, yaml_event& to) const {
    to.what = yaml_event::type::document;
    place(from.document_start, to);
    if (!fy_document_state_version_explicit(from.document_state))
      return;
    const fy_version* version = fy_document_state_version(from.document_state);
    to.version = std::to_string(version->major) + "." + std::to_string(version->minor);
  }

  void read_scalar(const fy_event_scalar_data& from, yaml_event& to) const {
    to.what = yaml_event::type::scalar;
    to.written = from.value != nullptr;
    add_properties(from.tag, from.anchor, to);
    if (!to.written)
      return;
    to.style = style_of(from.value);
    to.text = to.style == scalar_style::single_quoted ? quoted_text(from.value) : text_of(from.value);
    place(from.value, to);
    to.content_begin = to.begin;
    to.content_end = to.end;
    widen_or_trim(to);
  }

  // The library's marks leave quotes out and take in the indentation and line breaks around a block scalar.
  void widen_or_trim(yaml_event& to) const {
    const std::string& text = in_.text();
    if (to.style == scalar_style::single_quoted || to.style == scalar_style::double_quoted) {
      to.begin -= to.begin > in_.mark_bytes() ? 1 : 0;
      to.end = std::min(to.end + 1, text.size());
    } else if (to.style != scalar_style::plain) {
      const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; };
      while (to.begin < to.end && blank(text[to.begin]))
        ++to.begin;
      while (to.end > to.begin && blank(text[to.end - 1]))
        --to.end;
    }
  }

  void read_alias(const fy_event_alias_data& from, yaml_event& to) const {
    to.what = yaml_event::type::alias;
    to.text = text_of(from.anchor);
    place(from.anchor, to);
    to.begin -= to.begin > in_.mark_bytes() ? 1 : 0; // the star
  }

  const source& in_;
};

// Expressions hold what YAML has a meaning for, `: ` and braces: whoever writes one is told so, not about
// maps.
bool is_in_expression(const source& in, const position& at) {
  const std::string_view line = in.line(at.line);
  if (line.substr(std::min(line.find_first_not_of(" \t"), line.size())).starts_with("}}"))
    return true; // its end; what YAML made of its beginning was no expression any more
  const std::size_t open = line.find("${{");
  return open != std::string_view::npos && count_characters(line.substr(0, open)) < at.column;
}

// One error is enough: what follows it is guesswork of the parser.
void report_syntax(const source& in, fy_diag* sink, const tree_builder& built, diagnostics& found) {
  void* iterator = nullptr;
  const fy_diag_error* first = fy_diag_errors_iterate(sink, &iterator);
  if (first == nullptr) {
    found.add(make_error(in.name(), codes::syntax, "the file cannot be read as YAML"));
    return;
  }
  const event_reader reader(in);
  const auto line = static_cast<std::uint32_t>(std::max(first->line, 1));
  const auto column = static_cast<std::uint32_t>(std::max(first->column, 1));
  std::size_t begin = in.offset_of(line, column);
  std::size_t end = begin + 1;
  if (first->fyt != nullptr) {
    begin = reader.begin_of(first->fyt);
    end = std::max(begin + 1, reader.end_of(first->fyt));
  }
  const syntax_message said = explain_syntax(first->msg == nullptr ? "" : first->msg);
  const bool at_end = in.text().find_first_not_of(" \t\r\n", begin) == std::string::npos;
  const auto bracket = at_end || said.about_bracket ? built.open_bracket() : std::nullopt;
  if (is_in_expression(in, in.at(begin)))
    found.add(make_error(in, in.between(begin, end), codes::syntax,
                         "YAML takes the expression on this line apart",
                         "quote the whole value: '${{ … }}'"));
  else if (bracket)
    found.add(make_error(in, *bracket, codes::syntax, "this bracket is opened and never closed",
                         "close it, or quote the text if it is no bracket"));
  else
    found.add(make_error(in, in.between(begin, end), codes::syntax, said.message, std::string(said.hint)));
}

} // namespace

bool read_yaml(const source& in, bool with_end_mark, tree_builder& builder, diagnostics& found) {
  std::string text = in.text().substr(in.mark_bytes()); // lent to the parser
  if (with_end_mark)
    text += text.ends_with('\n') ? "...\n" : "\n...\n";
  const diag_handle sink = make_diag();
  const parser_handle parser = make_parser(sink.get());
  const int accepted = fy_parser_set_string(parser.get(), text.data(), text.size());
  ensure(accepted == 0, "libfyaml takes a text in memory");

  const event_reader reader(in);
  yaml_event event;
  bool goes_on = true;
  bool ends_in_block = false;
  while (goes_on) {
    const std::unique_ptr<fy_event, event_closer> next(fy_parser_parse(parser.get()),
                                                       event_closer{parser.get()});
    if (next == nullptr)
      break;
    if (!reader.read(next.get(), event))
      continue;
    const bool block = event.style == scalar_style::literal || event.style == scalar_style::folded;
    ends_in_block = ends_in_block || (block && event.content_end == in.text().size());
    goes_on = builder.consume(event);
  }
  if (goes_on && fy_parser_get_stream_error(parser.get()))
    report_syntax(in, sink.get(), builder, found);
  return ends_in_block;
}

} // namespace troupe::config
