// Positions, pages and attention under the emulator, against plain sums in double.
#include "kernels/cuda/attention.cuh"
#include "tests/kernels/draws.hpp"
#include "tests/kernels/emulator/grid.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <ostream>

namespace troupe::kernels::cuda {

namespace {

namespace data = boost::unit_test::data;

struct attention_shape {
  std::uint32_t heads;
  std::uint32_t kv_heads;
  std::uint32_t head_size;
  std::uint32_t window;
};

std::ostream& operator<<(std::ostream& out, const attention_shape& s) {
  return out << s.heads << " heads of " << s.head_size << " on " << s.kv_heads << ", window " << s.window;
}

/// Texts whose pages lie about in the cache in any order; two begin with the same page.
struct attention_rig {
  static constexpr std::uint32_t pages_max = 4, page_count = 12, row_max = 6;

  attention_shape shape;
  std::vector<std::uint32_t> pages{7, 2, 9, 0, 7, 11, 4, 0, 3, 0, 0, 0};
  std::vector<std::uint32_t> text{0, 1, 2, 0}, position{40, 17, 0, 5};
  std::uint32_t rows = 4;
  std::vector<bf16> keys, values, query, out;

  explicit attention_rig(const attention_shape& of)
      : shape(of)
      , out(std::size_t{row_max} * of.heads * of.head_size) {
    draws from(of.head_size + of.heads);
    const auto numbers = std::size_t{page_count} * of.kv_heads * cache_page * of.head_size;
    keys = from.halves(numbers, 2);
    values = from.halves(numbers, 1);
    query = from.halves(std::size_t{row_max} * of.heads * of.head_size, 2);
    for (std::uint32_t later = 41; later < 48; ++later) // what no row may look at
      spoil(0, later);
    text.resize(row_max);
    position.resize(row_max);
  }

  cache_layout cache() {
    return {keys.data(), values.data(), pages.data(), pages_max, shape.kv_heads, shape.head_size};
  }
  void spoil(std::uint32_t of, std::uint32_t at) {
    for (std::uint32_t head = 0; head < shape.kv_heads; ++head)
      for (std::uint32_t i = 0; i < shape.head_size; ++i) {
        keys[cache_at(cache(), of, head, at) + i] = {0x7fc0};
        values[cache_at(cache(), of, head, at) + i] = {0x7fc0};
      }
  }
  attention_launch asked() {
    return {query.data(),
            out.data(),
            shape.heads,
            shape.window,
            scale(),
            cache(),
            {&rows, text.data(), position.data()}};
  }
  float scale() const { return 1 / std::sqrt(static_cast<float>(shape.head_size)); }

  void run(const emulation& how) {
    const auto a = asked();
    const auto group = shape.heads / shape.kv_heads;
    const auto parts = (group + attention_warps - 1) / attention_warps;
    launch({shape.kv_heads * parts, row_max}, attention_threads, how, [a] { attend(a); });
  }

  double worst() {
    double off = 0;
    for (std::uint32_t row = 0; row < rows; ++row)
      for (std::uint32_t head = 0; head < shape.heads; ++head)
        off = std::max(off, worst_of(row, head));
    return off;
  }

  double worst_of(std::uint32_t row, std::uint32_t head) {
    const auto kv_head = head / (shape.heads / shape.kv_heads);
    const auto end = position[row] + 1,
               begin = shape.window > 0 && end > shape.window ? end - shape.window : 0;
    const auto* q = &query[(std::size_t{row} * shape.heads + head) * shape.head_size];
    std::vector<double> shares;
    double sum = 0;
    for (auto at = begin; at < end; ++at) {
      double score = 0;
      for (std::uint32_t i = 0; i < shape.head_size; ++i)
        score += value(q[i]) * value(keys[cache_at(cache(), text[row], kv_head, at) + i]);
      shares.push_back(std::exp(score * value(scale())));
      sum += shares.back();
    }
    double off = 0;
    for (std::uint32_t i = 0; i < shape.head_size; ++i) {
      double wanted = 0;
      for (auto at = begin; at < end; ++at)
        wanted += shares[at - begin] / sum * value(values[cache_at(cache(), text[row], kv_head, at) + i]);
      off = std::max(
          off,
          share_of(wanted, value(out[(std::size_t{row} * shape.heads + head) * shape.head_size + i]), 1));
    }
    return off;
  }
};

const std::vector<attention_shape> shapes{
    {4, 2, 64, 0}, {6, 1, 80, 0}, {2, 2, 128, 16}, {8, 4, 16, 20}, {5, 1, 256, 0}};

constexpr double allowed = 4e-3; // a bf16

} // namespace

BOOST_AUTO_TEST_SUITE(attention_kernels)

BOOST_DATA_TEST_CASE(each_row_sees_its_own_text_up_to_itself, data::make(shapes), shape) {
  attention_rig rig(shape);
  rig.run({});
  BOOST_TEST(rig.worst() <= allowed);
}

BOOST_DATA_TEST_CASE(neighbours_and_order_change_no_bit, data::make(shapes), shape) {
  attention_rig among(shape), alone(shape);
  among.run({.seed = 5});
  alone.rows = 1;
  alone.run({.seed = 6});
  const auto first = [&shape](attention_rig& rig) {
    std::vector<std::uint16_t> bits;
    for (std::size_t i = 0; i < std::size_t{shape.heads} * shape.head_size; ++i)
      bits.push_back(rig.out[i].bits);
    return bits;
  };
  BOOST_TEST(first(among) == first(alone), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_missing_line_is_seen) {
  const auto seen = [](emulation how) {
    for (how.seed = 1; how.seed <= 6; ++how.seed) {
      attention_rig rig(shapes[0]);
      try {
        rig.run(how);
      } catch (const emulation_error&) {
        return true;
      }
      if (!(rig.worst() <= allowed))
        return true;
    }
    return false;
  };
  BOOST_TEST(seen({.forget_barrier = 0}));      // the page is there
  BOOST_TEST(seen({.forget_barrier = 1}));      // nobody reads it any more
  BOOST_TEST(seen({.forget_warp_barrier = 0})); // the shares are there
  BOOST_TEST(seen({.forget_shuffle = 0}));      // half of a dot
  BOOST_TEST(seen({.leave_at_barrier = 1}));
  BOOST_TEST(seen({.forget_waits = true}));
  BOOST_TEST(!seen({}));
}

BOOST_AUTO_TEST_CASE(queries_and_keys_turn_and_lie_where_attention_looks) {
  const attention_shape shape{4, 2, 16, 0};
  attention_rig rig(shape);
  constexpr std::uint32_t dimensions = 8, positions = 48;
  draws from(3);
  const auto query = from.floats(attention_rig::row_max * 4 * 16, 1),
             key = from.floats(attention_rig::row_max * 2 * 16, 1),
             value_rows = from.floats(attention_rig::row_max * 2 * 16, 1),
             angles = from.floats(positions * dimensions / 2, 3);
  std::vector<float> cosines, sines;
  for (const float a : angles) {
    cosines.push_back(std::cos(a));
    sines.push_back(std::sin(a));
  }
  const rope_launch r{query.data(),      key.data(),
                      value_rows.data(), rig.query.data(),
                      cosines.data(),    sines.data(),
                      dimensions,        shape.heads,
                      rig.cache(),       {&rig.rows, rig.text.data(), rig.position.data()}};
  launch({attention_rig::row_max}, attention_threads, {}, [r] { turn_and_remember(r); });
  double worst = 0;
  for (std::uint32_t row = 0; row < rig.rows; ++row)
    for (std::uint32_t head = 0; head < 2; ++head)
      for (std::uint32_t i = 0; i < 16; ++i) {
        const auto* k = &key[(row * 2 + head) * 16];
        const auto at = rig.position[row] * 4 + i % 4;
        const double c = value(cosines[at]), s = value(sines[at]);
        const double wanted = i >= 8  ? value(k[i])
                              : i < 4 ? value(k[i]) * c - value(k[i + 4]) * s
                                      : value(k[i]) * c + value(k[i - 4]) * s;
        const auto place = cache_at(rig.cache(), rig.text[row], head, rig.position[row]) + i;
        worst = std::max(worst, share_of(wanted, value(rig.keys[place]), 2));
        worst = std::max(worst,
                         share_of(value(value_rows[(row * 2 + head) * 16 + i]), value(rig.values[place]), 1));
      }
  BOOST_TEST(worst <= allowed);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::cuda
