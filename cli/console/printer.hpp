#pragma once

#include "config/result.hpp"
#include "runtime/base/json_fwd.hpp"

#include <iosfwd>
#include <string>
#include <string_view>

namespace troupe::cli {

enum class output_format : unsigned char { text, json, stream };
enum class ink : unsigned char { plain, good, warning, bad, faint };

/// Data on `out`, everything else on `err`.
class printer {
public:
  printer(std::ostream& out, std::ostream& err, output_format format, bool colored);

  output_format format() const noexcept { return format_; }
  bool is_text() const noexcept { return format_ == output_format::text; }

  void text(std::string_view data);     // as it is
  void document(const json& value);     // one JSON document
  void stream_line(const json& value);  // one JSON line
  void note(std::string_view sentence); // for the person
  void failure(const error& what);      // with its hint

  /// In colour only on a terminal whose owner wants it.
  std::string painted(std::string_view text, ink colour) const;

private:
  std::ostream& out_;
  std::ostream& err_;
  output_format format_;
  bool colored_;
};

/// Green for what works, red for what needs somebody.
ink ink_of_state(std::string_view state) noexcept;

/// Control characters of foreign text made harmless for a terminal.
std::string harmless(std::string_view text);
/// The same, and line ends as spaces: one cell, one log line.
std::string one_line(std::string_view text);

} // namespace troupe::cli
