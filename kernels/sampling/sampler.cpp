#include "kernels/sampling/sampler.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace troupe::kernels {

namespace {

struct candidate {
  token_id token;
  double share;
};

/// A number in [0, 1) that belongs to this seed and position: a counter put through a mixing function, so
/// that nothing has to be kept.
double uniform(std::uint64_t seed, std::uint64_t position) {
  std::uint64_t state = seed + 0x9e3779b97f4a7c15u * (position + 1);
  for (const auto factor : {0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu})
    state = (state ^ (state >> 30)) * factor;
  state ^= state >> 31;
  return static_cast<double>(state >> 11) * 0x1p-53;
}

/// Those with a share at all, by token: what was ruled out is never drawn, not by rounding either.
std::vector<candidate> candidates(std::span<const float> logits, double temperature) {
  const auto largest = static_cast<double>(*std::ranges::max_element(logits));
  std::vector<candidate> all;
  all.reserve(logits.size());
  double sum = 0;
  for (std::size_t token = 0; token < logits.size(); ++token) {
    const auto share = std::exp((static_cast<double>(logits[token]) - largest) / temperature);
    sum += share;
    if (share > 0)
      all.push_back({static_cast<token_id>(token), share});
  }
  for (auto& one : all)
    one.share /= sum;
  return all;
}

/// By falling share, equals by token, so that the order depends on nothing else.
bool before(const candidate& a, const candidate& b) {
  return a.share > b.share || (a.share == b.share && a.token < b.token);
}

/// Puts the first `count` in order. A vocabulary has a hundred thousand tokens, and hardly any of them
/// matter.
void order_first(std::vector<candidate>& all, std::size_t count) {
  std::partial_sort(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count), all.end(), before);
}

/// The fewest that have this share together.
void keep_share(std::vector<candidate>& all, double share) {
  double sum = 0;
  for (const auto& one : all)
    sum += one.share;
  double kept = 0;
  std::size_t count = 0;
  std::size_t ordered = 0;
  while (count < all.size() && kept < share * sum) {
    if (count == ordered) {
      ordered = std::min(all.size(), ordered == 0 ? 64 : ordered * 8);
      order_first(all, ordered);
    }
    kept += all[count++].share;
  }
  if (count == 0)
    order_first(all, 1);
  all.resize(std::max<std::size_t>(count, 1));
}

/// Those with at least so much of the largest share.
void keep_near(std::vector<candidate>& all, double part) {
  double largest = 0;
  for (const auto& one : all)
    largest = std::max(largest, one.share);
  std::erase_if(all, [least = part * largest](const candidate& one) { return one.share < least; });
}

} // namespace

token_id draw(const sampling& how, std::span<const float> logits, std::uint64_t position) {
  if (how.temperature <= 0)
    return static_cast<token_id>(std::ranges::max_element(logits) - logits.begin());
  auto left = candidates(logits, how.temperature);
  if (left.empty()) // all are ruled out, and somebody has to be first
    return 0;
  if (how.top_k > 0 && how.top_k < left.size()) {
    order_first(left, how.top_k);
    left.resize(how.top_k);
  }
  if (how.top_p < 1)
    keep_share(left, how.top_p);
  if (how.min_p > 0)
    keep_near(left, how.min_p);
  double sum = 0;
  for (const auto& one : left)
    sum += one.share;
  double at = uniform(how.seed, position) * sum;
  for (const auto& one : left)
    if ((at -= one.share) < 0)
      return one.token;
  return left.back().token; // rounding
}

} // namespace troupe::kernels
