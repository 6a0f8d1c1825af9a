#pragma once

#include "kernels/base/result.hpp"
#include "kernels/engine/text_batch.hpp"

#include <string>
#include <vector>

namespace troupe::kernels {

/// One kind of figure of a golden case, and how far ours are from it.
struct golden_item {
  std::string name; // like "adapter.logits"
  double worst = 0; // logits: relative to the largest; greedy: tokens that differ
  double allowed = 0;
  bool met() const noexcept { return worst <= allowed; }
};

struct golden_report {
  std::string name; // of the case
  std::vector<golden_item> items;
  bool met() const noexcept;
};

/// Runs a golden case (model/, adapter/, golden.safetensors, golden.json) without and with the adapter, and
/// with the weights merged. At f32: logits and greedy tokens, and the training part if the case has one. At
/// serving: logits within their wider tolerance, and the likeliest token of each position wherever golden's
/// first two are further apart than twice the measured error.
result<golden_report> check_golden_case(const std::string& folder, precision at = precision::f32);

} // namespace troupe::kernels
