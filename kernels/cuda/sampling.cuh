#pragma once

// The next token of each row, where filters need no order: the likeliest, or one drawn by its share. A draw
// adds to each logit a number that belongs to seed, position and token, and takes the largest, so no row
// depends on another.

#include "kernels/cuda/device.cuh"

#ifdef TROUPE_EMULATED
#include <cmath>
#endif

namespace troupe::kernels::cuda {

constexpr unsigned sampling_threads = 256;

struct sampling_launch {
  const float* logits = nullptr; // rows x vocabulary
  std::uint32_t vocabulary = 0;
  const float* temperature = nullptr; // by row; 0: the likeliest
  const std::uint64_t* seed = nullptr;
  const std::uint32_t* position = nullptr;
  std::uint32_t* token = nullptr;
  const std::uint32_t* row_count = nullptr;
};

TROUPE_DEVICE std::uint64_t stirred(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

/// Gumbel's distribution: the largest of logit + this falls on a token as often as its share says.
TROUPE_DEVICE float gumbel(std::uint64_t seed, std::uint32_t position, std::uint32_t token) {
  const std::uint64_t bits = stirred(stirred(seed ^ stirred(position)) ^ token);
  const float uniform = (static_cast<float>(bits >> 40) + 0.5f) * 5.9604644775390625e-8f; // within (0, 1)
  return -logf(-logf(uniform));
}

/// Grid: (row capacity). Of equals the token of the smaller number.
TROUPE_KERNEL void draw_token(sampling_launch s) {
  TROUPE_SHARED(float, values, sampling_threads / warp_size);
  TROUPE_SHARED(std::uint32_t, tokens, sampling_threads / warp_size);
  const unsigned row = block_x();
  if (row >= *s.row_count)
    return;
  const float* logits = s.logits + static_cast<std::size_t>(row) * s.vocabulary;
  const float temperature = s.temperature[row];
  float best = -INFINITY;
  std::uint32_t token = 0xffffffffu;
  for (unsigned t = thread_index(); t < s.vocabulary; t += thread_count()) {
    const float value =
        temperature > 0 ? logits[t] / temperature + gumbel(s.seed[row], s.position[row], t) : logits[t];
    if (value > best || token == 0xffffffffu) {
      best = value;
      token = t;
    }
  }
  for (unsigned bits = warp_size / 2; bits > 0; bits /= 2) {
    const float other = shuffle_xor(best, bits);
    const std::uint32_t its = shuffle_xor(token, bits);
    if (other > best || (other == best && its < token)) {
      best = other;
      token = its;
    }
  }
  if (thread_index() % warp_size == 0) {
    values[thread_index() / warp_size] = best;
    tokens[thread_index() / warp_size] = token;
  }
  sync_threads();
  if (thread_index() != 0)
    return;
  for (unsigned w = 1; w < thread_count() / warp_size; ++w)
    if (values[w] > best || (values[w] == best && tokens[w] < token)) {
      best = values[w];
      token = tokens[w];
    }
  s.token[row] = token;
}

} // namespace troupe::kernels::cuda
