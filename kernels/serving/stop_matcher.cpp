#include "kernels/serving/stop_matcher.hpp"

#include <algorithm>
#include <utility>

namespace troupe::kernels {

stop_matcher::stop_matcher(std::vector<std::string> stops)
    : stops_(std::move(stops)) {
  std::erase(stops_, "");
}

std::string stop_matcher::feed(std::string_view piece) {
  if (!found_.empty())
    return {};
  held_ += piece;
  auto first = std::string::npos;
  for (const auto& stop : stops_) {
    const auto at = held_.find(stop);
    if (at < first) { // of two at one place the one listed first
      first = at;
      found_ = stop;
    }
  }
  auto shown = held_.substr(0, found_.empty() ? held_from() : first);
  held_.erase(0, shown.size());
  return shown;
}

std::size_t stop_matcher::held_from() const {
  std::size_t longest = 0;
  for (const auto& stop : stops_)
    for (auto length = std::min(stop.size() - 1, held_.size()); length > longest; --length)
      if (held_.ends_with(std::string_view(stop).substr(0, length)))
        longest = length;
  return held_.size() - longest;
}

std::string stop_matcher::finish() {
  if (!found_.empty())
    return {};
  return std::exchange(held_, {});
}

} // namespace troupe::kernels
