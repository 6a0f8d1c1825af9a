#pragma once

#include "kernels/threads/team.hpp"
#include "kernels/train/grid.hpp"

#include <memory>

namespace troupe::kernels::train {

enum class turned : bool { no, yes };

/// Products of dense matrices: the library's, which may reorder sums. The same sizes on as many threads give
/// the same bits.
class products {
public:
  explicit products(std::shared_ptr<thread_team> team = nullptr)
      : team_(std::move(team)) {}

  /// c = keep * c + factor * a b, with `a` or `b` transposed first.
  void add(float factor, block<const float> a, turned at, block<const float> b, turned bt, float keep,
           block<float> c) const;
  void add(double factor, block<const double> a, turned at, block<const double> b, turned bt, double keep,
           block<double> c) const;

private:
  std::shared_ptr<thread_team> team_; // none: the caller's thread alone
};

} // namespace troupe::kernels::train
