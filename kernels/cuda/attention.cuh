#pragma once

// Positions, the paged cache, and attention over it. A row's sums run over its pages in order, whatever else
// is in the batch.

#include "kernels/cuda/attention.hpp"
#include "kernels/cuda/device.cuh"

#ifdef TROUPE_EMULATED
#include <cmath>
#endif

namespace troupe::kernels::cuda {

/// The first number of a head at a position of a text.
TROUPE_DEVICE std::size_t cache_at(const cache_layout& c, unsigned text, unsigned head, unsigned position) {
  const std::size_t page = c.pages[static_cast<std::size_t>(text) * c.pages_max + position / cache_page];
  return ((page * c.kv_heads + head) * cache_page + position % cache_page) * c.head_size;
}

/// A head's number i, turned by its position.
TROUPE_DEVICE float turned_at(const rope_launch& r, const float* head, unsigned i, unsigned position) {
  const unsigned half = r.dimensions / 2;
  if (i >= r.dimensions)
    return head[i];
  const unsigned pair = i < half ? i : i - half;
  const std::size_t at = static_cast<std::size_t>(position) * half + pair;
  const float other = i < half ? -head[i + half] : head[i - half];
  return head[i] * r.cosines[at] + other * r.sines[at];
}

/// Turns queries and keys and writes keys and values to their pages. Grid: (row capacity).
TROUPE_KERNEL void turn_and_remember(rope_launch r) {
  const unsigned row = block_x();
  if (row >= *r.rows.count)
    return;
  const unsigned position = r.rows.position[row], text = r.rows.text[row];
  const unsigned size = r.cache.head_size;
  for (unsigned i = thread_index(); i < r.heads * size; i += thread_count()) {
    const float* head = r.query + (static_cast<std::size_t>(row) * r.heads + i / size) * size;
    r.turned[static_cast<std::size_t>(row) * r.heads * size + i] =
        to_bf16(turned_at(r, head, i % size, position));
  }
  for (unsigned i = thread_index(); i < r.cache.kv_heads * size; i += thread_count()) {
    const std::size_t head = (static_cast<std::size_t>(row) * r.cache.kv_heads + i / size) * size;
    const std::size_t to = cache_at(r.cache, text, i / size, position) + i % size;
    r.cache.keys[to] = to_bf16(turned_at(r, r.key + head, i % size, position));
    r.cache.values[to] = to_bf16(r.value[head + i % size]);
  }
}

/// Asks for one page of keys and values of a head.
TROUPE_DEVICE void fetch_page(const cache_layout& c, unsigned text, unsigned head, unsigned page, bf16* keys,
                              bf16* values) {
  const std::size_t from = cache_at(c, text, head, page * cache_page);
  for (unsigned at = thread_index() * 8; at < cache_page * c.head_size; at += thread_count() * 8) {
    copy_async(keys + at, c.keys + from + at);
    copy_async(values + at, c.values + from + at);
  }
  copy_async_commit();
}

/// One warp's query over what it has seen so far.
struct seen_so_far {
  float largest;
  float sum;
  float out[head_size_max / warp_size]; // numbers lane, lane + 32, …
};

/// Takes in a page: two lanes weigh each of its positions, then every lane adds up its own numbers.
TROUPE_DEVICE void take_in(const attention_launch& a, const bf16* query, const bf16* keys, const bf16* values,
                           unsigned first, unsigned begin, unsigned end, float* shares, seen_so_far& seen) {
  const unsigned size = a.cache.head_size, lane = thread_index() % warp_size;
  const unsigned position = first + lane / 2, from = lane % 2 * (size / 2);
  float score = 0;
  for (unsigned i = from; i < from + size / 2; ++i)
    score += to_float(query[i]) * to_float(keys[lane / 2 * size + i]);
  score = (score + shuffle_xor(score, 1)) * a.scale;
  const bool visible = position >= begin && position < end;
  const float page_largest = warp_max(visible ? score : -INFINITY);
  const float largest = page_largest > seen.largest ? page_largest : seen.largest;
  const float share = visible ? expf(score - largest) : 0;
  const float kept = seen.largest == -INFINITY ? 0 : expf(seen.largest - largest);
  seen.sum = seen.sum * kept + warp_sum(lane % 2 == 0 ? share : 0);
  seen.largest = largest;
  if (lane % 2 == 0)
    shares[lane / 2] = share;
  sync_warp();
  for (unsigned n = 0; n < head_size_max / warp_size; ++n) {
    const unsigned i = n * warp_size + lane;
    float more = 0;
    for (unsigned p = 0; i < size && p < cache_page; ++p) // what is not visible may hold anything
      more += shares[p] > 0 ? shares[p] * to_float(values[p * size + i]) : 0;
    seen.out[n] = seen.out[n] * kept + more;
  }
  sync_warp();
}

/// Grid: (groups of up to four query heads of each kv head, row capacity): a warp a head. Pages come in while
/// the one before is worked on.
TROUPE_KERNEL void attend(attention_launch a) {
  TROUPE_SHARED(bf16, keys, 2 * cache_page * head_size_max);
  TROUPE_SHARED(bf16, values, 2 * cache_page * head_size_max);
  TROUPE_SHARED(float, shares, attention_warps* cache_page);
  const unsigned row = block_y();
  if (row >= *a.rows.count)
    return;
  const unsigned size = a.cache.head_size, lane = thread_index() % warp_size,
                 warp = thread_index() / warp_size;
  const unsigned group = a.heads / a.cache.kv_heads;
  const unsigned parts = (group + attention_warps - 1) / attention_warps;
  const unsigned kv_head = block_x() / parts;
  const unsigned within = block_x() % parts * attention_warps + warp;
  const bool works = within < group; // the others fetch and wait with it
  const unsigned head = kv_head * group + (works ? within : 0);
  const unsigned text = a.rows.text[row], end = a.rows.position[row] + 1;
  const unsigned begin = a.window > 0 && end > a.window ? end - a.window : 0;
  const unsigned first_page = begin / cache_page, last_page = (end - 1) / cache_page;
  const bf16* query = a.query + (static_cast<std::size_t>(row) * a.heads + head) * size;
  seen_so_far seen;
  seen.largest = -INFINITY;
  seen.sum = 0;
  for (unsigned n = 0; n < head_size_max / warp_size; ++n)
    seen.out[n] = 0;
  fetch_page(a.cache, text, kv_head, first_page, keys, values);
  for (unsigned page = first_page; page <= last_page; ++page) {
    const unsigned here = (page - first_page) % 2 * cache_page * head_size_max;
    const unsigned next = (page - first_page + 1) % 2 * cache_page * head_size_max;
    if (page < last_page)
      fetch_page(a.cache, text, kv_head, page + 1, keys + next, values + next);
    copy_async_wait(page < last_page ? 1 : 0);
    sync_threads(); // everybody's part of the page is there
    if (works)
      take_in(a, query, keys + here, values + here, page * cache_page, begin, end, shares + warp * cache_page,
              seen);
    sync_threads(); // nobody reads it any more
  }
  for (unsigned n = 0; works && n < head_size_max / warp_size; ++n)
    if (n * warp_size + lane < size)
      a.out[(static_cast<std::size_t>(row) * a.heads + head) * size + n * warp_size + lane] =
          to_bf16(seen.out[n] / seen.sum);
}

} // namespace troupe::kernels::cuda
