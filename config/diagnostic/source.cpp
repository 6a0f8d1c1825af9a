#include "config/diagnostic/source.hpp"

#include <algorithm>

namespace troupe::config {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Counting starts at the nearest mark below, so a file that is one long line (JSON) stays cheap to point
// into.
constexpr std::size_t mark_distance = 128;

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

std::vector<std::size_t> find_line_begins(std::string_view text) {
  std::vector<std::size_t> begins{0};
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool first_of_crlf = text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n';
    if (text[i] == '\n' || (text[i] == '\r' && !first_of_crlf))
      begins.push_back(i + 1);
  }
  return begins;
}

std::vector<std::size_t> count_at_marks(std::string_view text) {
  std::vector<std::size_t> counts{0};
  for (; text.size() >= mark_distance; text.remove_prefix(mark_distance))
    counts.push_back(counts.back() + count_characters(text.substr(0, mark_distance)));
  return counts;
}

// What the lead byte allows: the length of its character and the range of the second byte, which is where
// Unicode's table excludes overlong forms, surrogates and what lies past U+10FFFF.
struct lead_byte {
  std::size_t length = 0;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

lead_byte classify(unsigned char byte) {
  if (byte < 0x80)
    return {1};
  if (byte >= 0xC2 && byte <= 0xDF)
    return {2};
  if (byte == 0xE0)
    return {3, 0xA0, 0xBF};
  if (byte == 0xED)
    return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF)
    return {3};
  if (byte == 0xF0)
    return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3)
    return {4};
  if (byte == 0xF4)
    return {4, 0x80, 0x8F};
  return {};
}

// Length of the valid character at the front; 0 if there is none.
std::size_t character_length(std::string_view text) {
  const lead_byte lead = classify(static_cast<unsigned char>(text.front()));
  if (lead.length <= 1)
    return lead.length;
  if (text.size() < lead.length)
    return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const std::string_view rest = text.substr(2, lead.length - 2);
  const bool valid = second >= lead.second_min && second <= lead.second_max &&
                     std::all_of(rest.begin(), rest.end(), continues);
  return valid ? lead.length : 0;
}

} // namespace

std::size_t count_characters(std::string_view text) noexcept {
  const auto inside = std::count_if(text.begin(), text.end(), continues);
  return text.size() - static_cast<std::size_t>(inside);
}

std::size_t first_invalid_utf8(std::string_view text) noexcept {
  std::size_t offset = 0;
  while (offset < text.size()) {
    const std::size_t length = character_length(text.substr(offset));
    if (length == 0)
      return offset;
    offset += length;
  }
  return std::string_view::npos;
}

source::source(std::string name, std::string text)
    : name_(std::move(name))
    , text_(std::move(text))
    , line_begins_(find_line_begins(text_))
    , characters_at_marks_(count_at_marks(text_)) {}

std::size_t source::mark_bytes() const noexcept {
  return text_.starts_with(byte_order_mark) ? byte_order_mark.size() : 0;
}

std::size_t source::line_begin(std::size_t index) const noexcept {
  return index == 0 ? mark_bytes() : line_begins_[index];
}

std::size_t source::line_end(std::size_t index) const noexcept {
  if (index + 1 == line_begins_.size())
    return text_.size();
  const std::size_t next = line_begins_[index + 1];
  const bool crlf = next >= 2 && text_[next - 1] == '\n' && text_[next - 2] == '\r';
  return next - (crlf ? 2 : 1);
}

std::string_view source::line(std::uint32_t number) const noexcept {
  if (number == 0 || number > line_begins_.size())
    return {};
  const std::size_t begin = line_begin(number - 1);
  return std::string_view(text_).substr(begin, line_end(number - 1) - begin);
}

std::size_t source::characters_before(std::size_t offset) const noexcept {
  const std::size_t mark = offset / mark_distance;
  const std::size_t begin = mark * mark_distance;
  return characters_at_marks_[mark] + count_characters(std::string_view(text_).substr(begin, offset - begin));
}

position source::at(std::size_t offset) const noexcept {
  offset = std::min(offset, text_.size());
  for (int back = 0; back < 3 && offset > 0 && offset < text_.size() && continues(text_[offset]); ++back)
    --offset;
  const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), offset);
  const auto index = static_cast<std::size_t>(after - line_begins_.begin()) - 1;
  const std::size_t begin = std::min(line_begin(index), offset);
  const std::size_t column = characters_before(offset) - characters_before(begin) + 1;
  return {offset, static_cast<std::uint32_t>(index + 1), static_cast<std::uint32_t>(column)};
}

range source::between(std::size_t begin, std::size_t end) const noexcept {
  return {at(begin), at(std::max(begin, end))};
}

std::size_t source::offset_of(std::uint32_t line_number, std::uint32_t column) const noexcept {
  if (line_number == 0)
    return 0;
  if (line_number > line_begins_.size())
    return text_.size();
  const std::size_t end = line_end(line_number - 1);
  std::size_t offset = line_begin(line_number - 1);
  for (std::uint32_t i = 1; i < column && offset < end; ++i)
    offset +=
        std::max<std::size_t>(1, character_length(std::string_view(text_).substr(offset, end - offset)));
  return offset;
}

} // namespace troupe::config
