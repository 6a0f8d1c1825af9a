#include "workflows/language/rewrite/format.hpp"

#include "config/document/document.hpp"

#include <algorithm>
#include <map>

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

constexpr std::size_t step_width = 2;

// A dash or a key of block style, and the column it moves to.
struct mark {
  std::size_t column = 0; // bytes from the line's begin
  std::size_t target = 0;
};

struct line_info {
  std::size_t begin = 0;
  std::size_t end = 0; // without its break
  std::vector<mark> marks;
  bool inside_scalar = false; // of several lines: its white space may be content
};

class layout {
public:
  explicit layout(const config::document& file)
      : text_(file.in().text()) {
    find_lines(file.in().mark_bytes());
    place(file.root(), 0);
  }

  std::string render() const {
    std::string out;
    long shift = 0;
    bool blank_before = true; // none at the top
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const line_info& line = lines_[i];
      if (!line.marks.empty()) {
        out += marked(line);
        shift = shift_of(line.marks.back());
      } else if (is_blank(line)) {
        if ((blank_before && !line.inside_scalar) || i + 1 == lines_.size())
          continue;
        out += line.inside_scalar ? shifted(line, shift) : "";
      } else {
        out += is_comment(line) ? comment(i, shift) : shifted(line, shift);
      }
      blank_before = line.marks.empty() && is_blank(line);
      out += '\n';
    }
    while (out.ends_with("\n\n") && !lines_.back().inside_scalar)
      out.pop_back();
    return out;
  }

private:
  void find_lines(std::size_t begin) {
    while (begin < text_.size()) {
      const std::size_t end = std::min(text_.find_first_of("\r\n", begin), text_.size());
      lines_.push_back({begin, end, {}, false});
      begin = end + (text_.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    }
  }

  std::size_t line_of(std::size_t offset) const {
    const auto after =
        std::upper_bound(lines_.begin(), lines_.end(), offset,
                         [](std::size_t at, const line_info& line) { return at < line.begin; });
    return static_cast<std::size_t>(after - lines_.begin()) - (after == lines_.begin() ? 0 : 1);
  }

  bool is_block(const node& at) const {
    const char first = at.where().begin.offset < text_.size() ? text_[at.where().begin.offset] : '\0';
    return at.size() > 0 && first != '{' && first != '[' && !at.where_anchored();
  }

  void place(const node& at, std::size_t column) {
    if (at.is(node_kind::map) && is_block(at))
      return place_map(at, column);
    if (at.is(node_kind::list) && is_block(at))
      return place_list(at, column);
    const std::size_t first = line_of(at.where().begin.offset);
    const std::size_t last = line_of(std::max(at.where().end.offset, at.where().begin.offset + 1) - 1);
    const bool scalar = at.kind() < node_kind::list && !at.where_anchored();
    for (std::size_t i = first + 1; scalar && i <= last && i < lines_.size(); ++i)
      lines_[i].inside_scalar = true;
  }

  void place_map(const node& map, std::size_t column) {
    for (const config::entry& e : map.entries()) {
      if (e.key.where().begin.offset < map.where().begin.offset ||
          e.key.where().end.offset > map.where().end.offset)
        continue; // merged in from elsewhere
      add(e.key.where().begin.offset, column);
      place(e.value, column + step_width);
    }
  }

  void place_list(const node& list, std::size_t column) {
    const std::size_t first = list.where().begin.offset;
    const std::size_t old = first - lines_[line_of(first)].begin;
    for (const node& item : list.items()) {
      if (const auto dash = dash_before(item.where().begin.offset, old))
        add(*dash, column);
      place(item, column + step_width);
    }
  }

  // Anchors, tags and comments may lie between a dash and its item.
  std::optional<std::size_t> dash_before(std::size_t item, std::size_t column) const {
    for (std::size_t i = line_of(item) + 1; i-- > 0;) {
      const std::size_t at = lines_[i].begin + column;
      if (at < lines_[i].end && at <= item && text_[at] == '-')
        return at;
    }
    return std::nullopt;
  }

  void add(std::size_t offset, std::size_t column) {
    line_info& line = lines_[line_of(offset)];
    line.marks.push_back({offset - line.begin, column});
  }

  static long shift_of(const mark& m) { return static_cast<long>(m.target) - static_cast<long>(m.column); }

  std::string_view text_of(const line_info& line) const {
    return std::string_view(text_).substr(line.begin, line.end - line.begin);
  }

  bool is_blank(const line_info& line) const {
    return text_of(line).find_first_not_of(" \t") == std::string_view::npos;
  }

  bool is_comment(const line_info& line) const {
    const auto text = text_of(line);
    const auto first = text.find_first_not_of(" \t");
    return !line.inside_scalar && first != std::string_view::npos && text[first] == '#';
  }

  static std::string without_end_blanks(std::string text) {
    text.erase(text.find_last_not_of(" \t") + 1);
    return text;
  }

  // The white space before each mark of the line is made anew.
  std::string marked(const line_info& line) const {
    const auto text = text_of(line);
    std::string out;
    for (std::size_t i = 0; i < line.marks.size(); ++i) {
      const std::size_t end = i + 1 < line.marks.size() ? line.marks[i + 1].column : text.size();
      const std::string part =
          without_end_blanks(std::string(text.substr(line.marks[i].column, end - line.marks[i].column)));
      out.resize(std::max(out.size(), line.marks[i].target), ' ');
      out += part;
    }
    return out;
  }

  std::string shifted(const line_info& line, long shift) const {
    const auto text = text_of(line);
    const auto first = std::min(text.find_first_not_of(' '), text.size());
    const long column = std::max(0L, static_cast<long>(first) + shift);
    std::string out = std::string(static_cast<std::size_t>(column), ' ') + std::string(text.substr(first));
    return line.inside_scalar ? out : without_end_blanks(std::move(out));
  }

  // A comment belongs to what follows it, if it is indented like that; else to what it follows.
  std::string comment(std::size_t at, long shift) const {
    const auto next = std::find_if(lines_.begin() + static_cast<std::ptrdiff_t>(at), lines_.end(),
                                   [](const line_info& line) { return !line.marks.empty(); });
    const auto first = text_of(lines_[at]).find_first_not_of(" \t");
    if (next != lines_.end() && next->marks.front().column == first)
      return shifted(lines_[at], shift_of(next->marks.front()));
    return shifted(lines_[at], shift);
  }

  const std::string& text_;
  std::vector<line_info> lines_;
};

std::optional<std::string> json_of(const std::string& name, std::string text) {
  config::diagnostics ignored;
  const auto parsed = config::parse_document(config::source(name, std::move(text)), ignored);
  if (!parsed)
    return std::nullopt;
  const auto json = config::to_json(parsed->root());
  return json ? std::optional(*json) : std::nullopt;
}

} // namespace

std::optional<std::string> format_file(const config::source& in, config::diagnostics& found) {
  const auto parsed = config::parse_document(in, found);
  if (!parsed)
    return std::nullopt;
  const auto before = config::to_json(parsed->root());
  std::string after = layout(*parsed).render();
  if (before && json_of(in.name(), after) == *before)
    return after;
  // Rare shapes, such as keys behind anchors: better as it was than changed in what it says.
  return in.text();
}

} // namespace troupe::workflow
