#include "bench/support/report.hpp"

#include <algorithm>
#include <cstdio>

namespace troupe::bench {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void line(const char* what, const std::vector<double>& values, const char* unit) {
  std::printf("  %-52s %10.0f %s\n", what, median(values), unit);
}

void bar(const char* what, double ratio, double accept, double aim, bool at_least) {
  const auto met = [&](double limit) { return at_least ? ratio >= limit : ratio <= limit; };
  const char* verdict = met(aim) ? "meets the aim" : met(accept) ? "accepted" : "MISSED";
  std::printf("  %-52s %10.2f x   accept %s %.1f, aim %.1f: %s\n", what, ratio,
              at_least ? ">=" : "<=", accept, aim, verdict);
}

} // namespace troupe::bench
