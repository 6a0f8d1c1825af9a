#pragma once

#include "bench/engine/contender.hpp"

#include <cstdint>

namespace troupe::bench {

struct plan {
  int rounds = 5;
  bool small = false;
  std::size_t threads = 2;
  std::uint64_t step_bytes = 0;    // of weights, that a step of the base model reads
  std::uint64_t adapter_bytes = 0; // of one adapter, in bfloat16
};

/// Decoding and prefill of both, turn by turn; medians and ratios. Without a peer ours alone.
void compare(contender& ours, contender* peer, const plan& how);

/// How far the logits of one text are from the peer's: NMSE, and how many likeliest tokens are the same.
void compare_logits(contender& ours, contender& peer, const char* what, adapters with);

} // namespace troupe::bench
