// From a byte of a scalar's text back to the byte of the file it was read from.
#include "config/document/tree.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

bool is_break(char c) { return c == '\n' || c == '\r'; }
bool is_space(char c) { return is_break(c) || c == ' ' || c == '\t'; }

// Walks the text of a scalar and the part of the file it was read from side by side.
class walk {
public:
  walk(std::string_view file, const slot& scalar)
      : text_(scalar.text)
      , file_(file.substr(0, scalar.content_end))
      , at_(scalar.content_begin)
      , style_(scalar.style) {}

  std::size_t to(std::size_t wanted) {
    if (style_ == scalar_style::literal)
      return to_literal(wanted);
    if (style_ == scalar_style::folded && wanted == 0)
      return end_of_spaces();
    while (read_ < wanted && at_ < file_.size())
      step(wanted);
    while (style_ == scalar_style::double_quoted && at_joined_lines())
      step_escape();
    return std::min(at_, file_.size());
  }

private:
  // A line of a literal block ends as its line in the file does; what the file has before it is indentation.
  std::size_t to_literal(std::size_t wanted) {
    while (true) {
      const std::size_t text_end = std::min(text_.find('\n', read_), text_.size());
      const std::size_t file_end = std::min(file_.find_first_of("\r\n", at_), file_.size());
      const std::size_t length = std::min(text_end - read_, file_end - at_);
      if (wanted <= text_end || file_end == file_.size())
        return std::min(file_end - length + (wanted - read_), file_end);
      read_ = text_end + 1;
      at_ = file_end + (file_.substr(file_end, 2) == "\r\n" ? 2 : 1);
    }
  }

  void step(std::size_t wanted) {
    if (style_ == scalar_style::double_quoted && file_[at_] == '\\')
      step_escape();
    else if (style_ == scalar_style::folded && (is_space(file_[at_]) || is_space(text_[read_])))
      step_folded(wanted);
    else if (is_space(file_[at_]))
      step_spaces(wanted);
    else
      step_byte();
  }

  void step_byte() {
    const bool doubled_quote = style_ == scalar_style::single_quoted && file_[at_] == '\'';
    at_ += doubled_quote ? 2 : 1;
    ++read_;
  }

  bool at_joined_lines() const {
    return at_ + 1 < file_.size() && file_[at_] == '\\' && is_break(file_[at_ + 1]);
  }

  std::size_t end_of_spaces() const {
    const auto end =
        std::find_if_not(file_.begin() + static_cast<std::ptrdiff_t>(at_), file_.end(), is_space);
    return static_cast<std::size_t>(end - file_.begin());
  }

  std::size_t breaks_before(std::size_t end) const {
    std::size_t breaks = 0;
    for (std::size_t i = at_; i < end; ++i)
      breaks += file_[i] == '\n' || (file_[i] == '\r' && (i + 1 == end || file_[i + 1] != '\n')) ? 1 : 0;
    return breaks;
  }

  // Outside block scalars one break reads as a space, n as n-1 breaks, and the blanks around them as nothing.
  void step_spaces(std::size_t wanted) {
    const std::size_t end = end_of_spaces();
    const std::size_t breaks = breaks_before(end);
    const std::size_t reads = breaks == 0 ? end - at_ : std::max<std::size_t>(1, breaks - 1);
    const bool inside = wanted - read_ < reads;
    at_ = inside ? at_ + (breaks == 0 ? wanted - read_ : 0) : end;
    read_ = inside ? wanted : read_ + reads;
  }

  // In a folded block the words stay in order and only what is between them changes.
  void step_folded(std::size_t wanted) {
    while (read_ < wanted && is_space(text_[read_]))
      ++read_;
    if (read_ < wanted || (read_ < text_.size() && !is_space(text_[read_])))
      at_ = end_of_spaces();
  }

  void step_escape() {
    const char kind = at_ + 1 < file_.size() ? file_[at_ + 1] : '\\';
    if (is_break(kind)) { // an escaped line break joins the lines
      ++at_;
      at_ = end_of_spaces();
      return;
    }
    const std::size_t written = kind == 'x' ? 4 : kind == 'u' ? 6 : kind == 'U' ? 10 : 2;
    std::size_t decoded = 1;
    while (read_ + decoded < text_.size() &&
           (static_cast<unsigned char>(text_[read_ + decoded]) & 0xC0U) == 0x80U)
      ++decoded;
    read_ += decoded;
    at_ += kind == 'u' && decoded == 4 ? 2 * written : written; // a surrogate pair
  }

  std::string_view text_;
  std::string_view file_;
  std::size_t read_ = 0;
  std::size_t at_;
  scalar_style style_;
};

} // namespace

std::size_t source_offset(const tree& in, const slot& scalar, std::size_t text_offset) {
  return walk(in.in.text(), scalar).to(std::min(text_offset, scalar.text.size()));
}

} // namespace troupe::config
