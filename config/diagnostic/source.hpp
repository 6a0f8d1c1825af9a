#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {

/// A place in a file. Lines and columns count from 1; a column is a character (a Unicode code point), not a
/// byte; a tab is one column. The offset counts bytes from the file's first, a byte order mark included.
struct position {
  std::size_t offset = 0;
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend bool operator==(const position&, const position&) = default;
};

/// From `begin` up to, not including, `end`.
struct range {
  position begin;
  position end;

  friend bool operator==(const range&, const range&) = default;
};

/// A file's name and bytes, and the way from byte offsets to lines and columns. Lines end with LF, CRLF or a
/// lone CR, as YAML 1.2 has it.
class source {
public:
  source(std::string name, std::string text);

  const std::string& name() const noexcept { return name_; }
  const std::string& text() const noexcept { return text_; }

  /// Length of a leading UTF-8 byte order mark: 0 or 3. It takes no column.
  std::size_t mark_bytes() const noexcept;

  std::size_t lines() const noexcept { return line_begins_.size(); }

  /// The text of a line (counting from 1) without its line break; empty past the end.
  std::string_view line(std::uint32_t number) const noexcept;

  /// An offset past the end means the end. An offset inside a character means that character.
  position at(std::size_t offset) const noexcept;

  /// The range between two byte offsets; `end` below `begin` means an empty range at `begin`.
  range between(std::size_t begin, std::size_t end) const noexcept;

  /// The byte offset of a line and column (from 1), as other parsers report them; clamped to that line.
  std::size_t offset_of(std::uint32_t line, std::uint32_t column) const noexcept;

private:
  std::size_t line_begin(std::size_t index) const noexcept;
  std::size_t line_end(std::size_t index) const noexcept;
  std::size_t characters_before(std::size_t offset) const noexcept;

  std::string name_;
  std::string text_;
  std::vector<std::size_t> line_begins_;
  std::vector<std::size_t> characters_at_marks_;
};

/// Characters in UTF-8 text.
std::size_t count_characters(std::string_view text) noexcept;

/// Offset of the first byte that is not part of valid UTF-8 (overlong forms and surrogates are not valid);
/// npos if all of it is.
std::size_t first_invalid_utf8(std::string_view text) noexcept;

} // namespace troupe::config
