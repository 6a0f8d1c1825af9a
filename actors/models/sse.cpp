#include "actors/models/sse.hpp"

#include <utility>

namespace troupe::models {

sse_parser::sse_parser(std::size_t bytes)
    : limit_(bytes) {}

std::vector<sse_event> sse_parser::feed(std::string_view piece) {
  std::vector<sse_event> out;
  while (!piece.empty() && !overflowed_) {
    if (std::exchange(after_cr_, false) && piece.front() == '\n') {
      piece.remove_prefix(1);
      continue;
    }
    const auto end = piece.find_first_of("\r\n");
    line_ += piece.substr(0, end);
    if (line_.size() + event_.data.size() + event_.type.size() > limit_) {
      overflowed_ = true;
      break;
    }
    if (end == std::string_view::npos)
      break;
    after_cr_ = piece[end] == '\r';
    piece.remove_prefix(end + 1);
    end_line(out);
  }
  return out;
}

void sse_parser::end_line(std::vector<sse_event>& out) {
  std::string_view line = line_;
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (std::exchange(first_line_, false) && line.starts_with(byte_order_mark))
    line.remove_prefix(byte_order_mark.size());
  if (!line.empty()) {
    take_field(line);
  } else {
    if (has_data_)
      out.push_back(std::move(event_));
    event_ = {};
    has_data_ = false;
  }
  line_.clear();
}

void sse_parser::take_field(std::string_view line) {
  const auto colon = line.find(':');
  const std::string_view name = line.substr(0, colon);
  std::string_view value = colon == std::string_view::npos ? std::string_view{} : line.substr(colon + 1);
  if (value.starts_with(' '))
    value.remove_prefix(1);
  if (name == "event") {
    event_.type = value;
  } else if (name == "data") {
    if (has_data_)
      event_.data += '\n';
    event_.data += value;
    has_data_ = true;
  }
}

} // namespace troupe::models
