#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::models {

/// One event of a `text/event-stream`.
struct sse_event {
  std::string type; // empty means "message"
  std::string data; // its lines joined with \n

  bool operator==(const sse_event&) const = default;
};

/// Takes a server-sent event stream apart, fed in pieces cut anywhere: inside a line ending, a character or a
/// field name. Lines end with \n, \r\n or \r; a byte order mark at the start is skipped; comments, ids and
/// retry times are passed over; an event without data is none. What is unfinished when the stream ends was
/// never an event.
class sse_parser {
public:
  /// `bytes`: the most that one unfinished event may hold.
  explicit sse_parser(std::size_t bytes);

  /// The events that the piece completes, in order. Nothing more comes after overflowed().
  std::vector<sse_event> feed(std::string_view piece);

  bool overflowed() const noexcept { return overflowed_; }

private:
  void end_line(std::vector<sse_event>& out);
  void take_field(std::string_view line);

  std::size_t limit_;
  std::string line_;
  sse_event event_;
  bool has_data_ = false;
  bool after_cr_ = false; // a \n right after belongs to the same line ending
  bool first_line_ = true;
  bool overflowed_ = false;
};

} // namespace troupe::models
