#pragma once

#include "config/diagnostic/source.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::config {

enum class severity : std::uint8_t { error, warning };

std::string_view to_string(severity s) noexcept;

/// A source line as it is shown: cut to a window around the caret, control characters made harmless.
struct excerpt {
  std::string text;
  std::size_t caret_begin = 0; // in characters of `text`
  std::size_t caret_width = 1;
};

/// A second place that explains the first: "first given here".
struct note {
  std::string message;
  std::string file;
  range where;
  excerpt shown;
};

/// One finding: what is wrong, where, why, and what to do about it. It stands alone: the source it came from
/// may be gone.
struct diagnostic {
  severity level = severity::error;
  std::string code;           // TC0101; see codes.hpp
  std::string message;        // one sentence, no full stop
  std::string hint;           // may be empty
  std::string file;           // or another origin: "environment", "--http.port"
  std::optional<range> where; // absent: the whole of `file`
  excerpt shown;              // meaningful with `where`
  std::vector<note> notes;
};

/// A finding at a place in a file.
diagnostic make_error(const source& in, const range& where, std::string_view code, std::string message,
                      std::string hint = {});

/// A finding about something without lines: the environment, a flag, a whole file.
diagnostic make_error(std::string origin, std::string_view code, std::string message, std::string hint = {});

note make_note(const source& in, const range& where, std::string message);

/// Findings in the order found. Past limits::diagnostics_max errors the rest are only counted.
class diagnostics {
public:
  void add(diagnostic found);
  void add_all(const diagnostics& others);

  const std::vector<diagnostic>& items() const noexcept { return items_; }
  std::size_t errors() const noexcept { return errors_; }
  std::size_t warnings() const noexcept { return warnings_; }
  bool empty() const noexcept { return errors_ + warnings_ == 0; }

private:
  std::vector<diagnostic> items_;
  std::size_t errors_ = 0;
  std::size_t warnings_ = 0;
};

/// `file:line:col: error: message [CODE]`, the source line, a caret range, notes, the hint.
std::string render_text(const diagnostic& d);

/// Every finding, then "1 error, 0 warnings in 1 file"; `files` is how many were looked at.
std::string render_text(const diagnostics& found, std::size_t files);

/// One JSON document: {"diagnostics": […], "errors", "warnings", "files"}.
std::string render_json(const diagnostics& found, std::size_t files);

/// A JSON string literal, quotes included. Bytes that are not UTF-8 become U+FFFD.
std::string quote_json(std::string_view text);

} // namespace troupe::config
