#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace troupe::cli {

enum class verdict : unsigned char { good, warning, bad };

/// One thing the doctor looked at.
struct finding {
  std::string name;
  verdict is = verdict::good;
  std::string message;
  std::string hint;
};

/// Times of single writes made durable, ascending.
using latencies = std::vector<std::chrono::microseconds>;

/// Sorted; the value below which `share` of them lie. Zero when there are none.
std::chrono::microseconds percentile(const latencies& sorted, double share);

} // namespace troupe::cli
