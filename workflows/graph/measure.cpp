#include "workflows/graph/measure.hpp"

#include <array>
#include <cstdint>

namespace troupe::workflow {
namespace {

/// Thousandths of the size, for the characters from blank to tilde.
constexpr std::array<std::uint16_t, 95> widths = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr double other_letter = 600;
constexpr double wide_letter = 1000;
constexpr double code_letter = 602;
constexpr double strong_factor = 1.07;
constexpr double margin = 1.06; // faces differ

/// Bytes of the character that begins at `at`.
std::size_t character_bytes(std::string_view text, std::size_t at) {
  std::size_t n = 1;
  while (at + n < text.size() && (static_cast<unsigned char>(text[at + n]) & 0xC0U) == 0x80U)
    ++n;
  return n;
}

double width_of(std::string_view character, face in) {
  const auto first = static_cast<unsigned char>(character.front());
  const bool wide = first >= 0xE2 && !(first == 0xE2 && character.size() == 3); // beyond punctuation
  if (in == face::code)
    return wide ? 2 * code_letter : code_letter;
  if (wide)
    return wide_letter;
  if (first < ' ' || first > '~')
    return other_letter;
  return widths[first - ' '] * (in == face::strong ? strong_factor : 1);
}

} // namespace

double text_width(std::string_view text, face in, double size) {
  double all = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto n = character_bytes(text, at);
    all += width_of(text.substr(at, n), in);
    at += n;
  }
  return all * size * (in == face::code ? 1 : margin) / 1000;
}

std::string fitted(const std::string& text, face in, double size, double width) {
  if (text_width(text, in, size) <= width)
    return text;
  std::size_t end = 0;
  while (end < text.size()) {
    const auto next = end + character_bytes(text, end);
    if (text_width(text.substr(0, next) + "…", in, size) > width)
      break;
    end = next;
  }
  while (end > 0 && text[end - 1] == ' ')
    --end;
  return text.substr(0, end) + "…";
}

std::vector<std::string> wrapped(const std::string& text, face in, double size, double width,
                                 std::size_t lines) {
  std::vector<std::string> made;
  std::string rest = text;
  while (!rest.empty()) {
    if (made.size() + 1 == lines || text_width(rest, in, size) <= width) {
      made.push_back(fitted(rest, in, size, width));
      break;
    }
    std::size_t cut = std::string::npos;
    for (std::size_t at = rest.find(' '); at != std::string::npos; at = rest.find(' ', at + 1)) {
      if (text_width(rest.substr(0, at), in, size) > width)
        break;
      cut = at;
    }
    if (cut == std::string::npos || cut == 0) {
      made.push_back(fitted(rest, in, size, width));
      break;
    }
    made.push_back(rest.substr(0, cut));
    rest.erase(0, cut + 1);
  }
  return made;
}

} // namespace troupe::workflow
