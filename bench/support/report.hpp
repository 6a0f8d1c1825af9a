#pragma once

#include <vector>

/// How every benchmark says what it found: medians over its rounds, and ratios against TARGETS.md's bars.
namespace troupe::bench {

double median(std::vector<double> values);

/// One figure, the median of its rounds.
void line(const char* what, const std::vector<double>& values, const char* unit);

/// A ratio and whether it is what must be reached, or what is aimed for.
void bar(const char* what, double ratio, double accept, double aim, bool at_least);

} // namespace troupe::bench
