#pragma once

#include "kernels/cpu/row_functions.hpp"
#include "kernels/cpu/small_loops.hpp"

#include <cmath>

// Attention over a paged cache; written once over the lanes that the including source has chosen.
//
// Keys and values are taken in segments of so many positions, cut at absolute ones: each segment has a
// maximum, a sum and a weighted mean of values of its own, and they are put together in order. So what a
// query gets depends on its own position alone, not on the queries it is computed with.
namespace troupe::kernels {
namespace {

constexpr std::uint32_t page_size = panel_rows;
constexpr std::uint32_t segment_pages = 16;
constexpr std::uint32_t segment_size = segment_pages * page_size;
constexpr std::size_t pages_at_once = 4; // with few queries: their sums hide each other's latency

struct segment {
  std::uint32_t first_page; // of those that some query sees
  std::uint32_t last_page;
  std::uint32_t begin() const { return first_page * page_size; }
};

class attention {
public:
  explicit attention(const attention_tile& tile)
      : tile_(tile)
      , padded_head_(padded(tile.head_size)) {}

  void run() {
    const auto first = least(tile_.first, tile_.count);
    const auto last = most(tile_.last, tile_.count);
    for (auto index = first / segment_size; index <= last / segment_size; ++index) {
      const segment now{more_of(first / page_size, index * segment_pages),
                        less_of(last / page_size, (index + 1) * segment_pages - 1)};
      score(now);
      for (std::size_t q = 0; q < tile_.count; ++q)
        weigh(now, q);
      for (std::size_t q = 0; q < tile_.count; q += queries_at_once)
        add_values(now, q, tile_.count - q < queries_at_once ? tile_.count - q : queries_at_once);
    }
    for (std::size_t q = 0; q < tile_.count; ++q)
      finish(q);
  }

private:
  static constexpr std::size_t queries_at_once = 4;

  const std::uint16_t* keys_of(std::uint32_t page) const {
    return tile_.keys + tile_.pages[page] * tile_.key_stride;
  }
  const std::uint16_t* values_of(std::uint32_t position) const {
    return tile_.values + tile_.pages[position / page_size] * tile_.value_stride +
           position % page_size * padded_head_;
  }

  void score(const segment& of) {
    auto page = of.first_page;
    if (tile_.count <= 2)
      for (; page + pages_at_once <= of.last_page + 1; page += pages_at_once)
        tile_.count == 1 ? score_pages<pages_at_once, 1>(of, page) : score_pages<pages_at_once, 2>(of, page);
    for (; page <= of.last_page; ++page)
      score_page(of, page);
  }

  void score_page(const segment& of, std::uint32_t page) {
    switch (tile_.count) {
    case 1:
      return score_pages<1, 1>(of, page);
    case 2:
      return score_pages<1, 2>(of, page);
    case 3:
      return score_pages<1, 3>(of, page);
    case 4:
      return score_pages<1, 4>(of, page);
    case 5:
      return score_pages<1, 5>(of, page);
    case 6:
      return score_pages<1, 6>(of, page);
    case 7:
      return score_pages<1, 7>(of, page);
    default:
      return score_pages<1, 8>(of, page);
    }
  }

  /// Sixteen positions are the lanes; one fused multiply-add for each dimension, in order.
  template<std::size_t Pages, std::size_t Count>
  void score_pages(const segment& of, std::uint32_t page) {
    lanes::floats sums[Pages][Count];
    const std::uint16_t* keys[Pages];
#pragma GCC unroll 4
    for (std::size_t p = 0; p < Pages; ++p) {
      keys[p] = keys_of(page + static_cast<std::uint32_t>(p));
#pragma GCC unroll 8
      for (std::size_t q = 0; q < Count; ++q)
        sums[p][q] = lanes::zero();
    }
    for (std::size_t d = 0; d < tile_.head_size; ++d)
#pragma GCC unroll 4
      for (std::size_t p = 0; p < Pages; ++p) {
        const auto key = lanes::load_f16(keys[p] + d * page_size);
#pragma GCC unroll 8
        for (std::size_t q = 0; q < Count; ++q)
          sums[p][q] = lanes::fma(lanes::all(tile_.query[q][d]), key, sums[p][q]);
      }
#pragma GCC unroll 4
    for (std::size_t p = 0; p < Pages; ++p)
#pragma GCC unroll 8
      for (std::size_t q = 0; q < Count; ++q)
        lanes::store(shares_[q] + (page - of.first_page + p) * page_size, sums[p][q]);
  }

  /// Scores to shares of this segment, zero for positions that the query does not see.
  void weigh(const segment& of, std::size_t q) {
    auto* shares = shares_[q];
    const auto end = (of.last_page + 1) * page_size;
    const auto first = more_of(tile_.first[q], of.begin());
    const auto last = less_of(tile_.last[q], end - 1);
    seen_[q] = first <= last;
    const auto count = end - of.begin();
    if (!seen_[q]) {
      fill(shares, shares + count, 0.0f);
      return;
    }
    fill(shares, shares + (first - of.begin()), -INFINITY);
    fill(shares + (last + 1 - of.begin()), shares + count, -INFINITY);
    auto highest = lanes::all(-INFINITY);
    for (std::size_t i = 0; i < count; i += panel_rows)
      highest = lanes::larger(highest, lanes::load(shares + i));
    const float largest = lanes::largest(highest);
    auto sum = lanes::zero();
    for (std::size_t i = 0; i < count; i += panel_rows) {
      const auto share = exponential(lanes::subtract(lanes::load(shares + i), lanes::all(largest)));
      lanes::store(shares + i, share);
      sum = lanes::add(sum, share);
    }
    merge(q, largest, lanes::sum(sum));
  }

  /// How much what was summed before and what this segment brings count from now on.
  void merge(std::size_t q, float largest, float sum) {
    const float level = any_[q] ? (largest_[q] > largest ? largest_[q] : largest) : largest;
    before_[q] = any_[q] ? power(largest_[q] - level) : 0.0f;
    now_[q] = power(largest - level);
    sum_[q] = any_[q] ? std::fma(sum_[q], before_[q], sum * now_[q]) : sum;
    largest_[q] = level;
  }

  static float power(float x) {
    float made[panel_rows];
    lanes::store(made, exponential(lanes::all(x)));
    return made[0];
  }

  void add_values(const segment& of, std::size_t q, std::size_t count) {
    std::size_t d = 0;
    for (; d + 4 * panel_rows <= padded_head_; d += 4 * panel_rows)
      values_for<4>(of, q, count, d);
    for (; d < padded_head_; d += panel_rows)
      values_for<1>(of, q, count, d);
  }

  template<std::size_t Width>
  void values_for(const segment& of, std::size_t q, std::size_t count, std::size_t d) {
    switch (count) {
    case 1:
      return values_of<Width, 1>(of, q, d);
    case 2:
      return values_of<Width, 2>(of, q, d);
    case 3:
      return values_of<Width, 3>(of, q, d);
    default:
      return values_of<Width, 4>(of, q, d);
    }
  }

  /// Positions in order; a share of zero changes nothing, so queries that see less may come along.
  template<std::size_t Width, std::size_t Count>
  void values_of(const segment& of, std::size_t q, std::size_t d) {
    lanes::floats sums[Count][Width];
#pragma GCC unroll 4
    for (std::size_t i = 0; i < Count; ++i)
#pragma GCC unroll 4
      for (std::size_t w = 0; w < Width; ++w)
        sums[i][w] = lanes::zero();
    const auto first = more_of(least(tile_.first + q, Count), of.begin());
    const auto last = less_of(most(tile_.last + q, Count), (of.last_page + 1) * page_size - 1);
    for (auto position = first; position <= last; ++position) {
      const auto* from = values_of(position) + d;
      lanes::floats value[Width];
#pragma GCC unroll 4
      for (std::size_t w = 0; w < Width; ++w)
        value[w] = lanes::load_f16(from + w * panel_rows);
#pragma GCC unroll 4
      for (std::size_t i = 0; i < Count; ++i) {
        const auto share = lanes::all(shares_[q + i][position - of.begin()]);
#pragma GCC unroll 4
        for (std::size_t w = 0; w < Width; ++w)
          sums[i][w] = lanes::fma(share, value[w], sums[i][w]);
      }
    }
    for (std::size_t i = 0; i < Count; ++i)
      for (std::size_t w = 0; w < Width; ++w)
        put(q + i, d + w * panel_rows, sums[i][w]);
  }

  void put(std::size_t q, std::size_t d, lanes::floats brought) {
    if (!seen_[q])
      return;
    auto* at = values_[q] + d;
    const auto old = lanes::multiply(lanes::load(at), lanes::all(before_[q]));
    lanes::store(at, any_[q] ? lanes::fma(brought, lanes::all(now_[q]), old) : brought);
    if (d + panel_rows >= padded_head_)
      any_[q] = true;
  }

  void finish(std::size_t q) const {
    for (std::size_t d = 0; d < tile_.head_size; ++d)
      tile_.out[q][d] = values_[q][d] / sum_[q];
  }

  static constexpr auto queries_max = attention_tile::queries_max;

  const attention_tile& tile_;
  std::size_t padded_head_;
  bool any_[queries_max] = {};  // has seen a segment
  bool seen_[queries_max] = {}; // sees something of this one
  float largest_[queries_max];
  float sum_[queries_max];
  float before_[queries_max];
  float now_[queries_max];
  float shares_[queries_max][segment_size];
  float values_[queries_max][attention_tile::head_size_max];
};

void attend(const attention_tile& tile) { attention(tile).run(); }

} // namespace
} // namespace troupe::kernels
