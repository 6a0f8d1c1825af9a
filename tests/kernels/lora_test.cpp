// The LoRA kernels under the emulator: against a plain sum in double, over ranks, odd sizes and mixed
// batches.
#include "kernels/cuda/lora_decode.cuh"
#include "kernels/cuda/lora_prefill.cuh"
#include "tests/kernels/emulator/grid.hpp"
#include "tests/kernels/lora_rig.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

namespace troupe::kernels::cuda {

namespace {

namespace data = boost::unit_test::data;

const std::vector<lora_shape> shapes{
    {.inner = 256, .outer = {96}, .ranks = {8, 16, 64, 128, 8}},
    {.inner = 520, .outer = {336, 104, 104}, .ranks = {16, 8, 24, 128, 40}},
    {.inner = 64, .outer = {1024, 1024}, .ranks = {32, 32, 8, 16, 64}},
    {.inner = 1024, .outer = {8}, .ranks = {8, 0, 16, 0, 32}},
};

/// A bf16 is off by up to 1/256 of itself; sums of products of them by less of the largest.
constexpr double allowed = 4e-3;

} // namespace

BOOST_AUTO_TEST_SUITE(lora_kernels)

BOOST_DATA_TEST_CASE(rows_of_many_adapters_gain_what_sums_in_double_say, data::make(shapes), shape) {
  lora_rig rig(shape, {0, 1, -1, 2, 3, 4, 0, -1, 2});
  rig.decode({});
  BOOST_TEST(rig.worst_share() <= allowed);
}

BOOST_DATA_TEST_CASE(tiles_of_one_adapter_each_gain_the_same, data::make(shapes), shape) {
  lora_rig rig(shape, {0, 0, 0, 1, -1, -1, 2, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4});
  rig.prefill({});
  BOOST_TEST(rig.worst_share() <= 2 * allowed); // the rank-sized middle is rounded too
}

BOOST_DATA_TEST_CASE(rows_without_an_adapter_keep_every_bit, data::make(shapes), shape) {
  lora_rig rig(shape, {-1, 0, -1, 1, -1});
  rig.decode({});
  rig.prefill({});
  BOOST_TEST(rig.base_rows_untouched());
}

BOOST_DATA_TEST_CASE(the_order_of_threads_changes_no_bit, data::make(shapes), shape) {
  lora_rig one(shape, {0, 1, 2, -1, 3}), other(shape, {0, 1, 2, -1, 3});
  one.decode({.seed = 1});
  other.decode({.seed = 99});
  BOOST_TEST(one.results() == other.results(), boost::test_tools::per_element());
}

BOOST_DATA_TEST_CASE(a_row_gets_the_same_bits_alone_and_among_others, data::make(shapes), shape) {
  lora_rig alone(shape, {3}), among(shape, {3, 0, 1, 2, -1});
  alone.decode({});
  among.decode({});
  BOOST_TEST(alone.row(0) == among.row(0), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(more_splits_change_no_more_than_rounding) {
  lora_rig one(shapes[1], {0, 1, 2}, 1), eight(shapes[1], {0, 1, 2}, 8);
  one.decode({});
  eight.decode({});
  BOOST_TEST(one.worst_share() <= allowed);
  BOOST_TEST(eight.worst_share() <= allowed);
}

BOOST_AUTO_TEST_CASE(a_grid_of_full_capacity_serves_fewer_rows_and_other_adapters) {
  lora_rig rig(shapes[0], {0});    // as captured: one row, one adapter
  rig.decode_again({2, -1, 3, 4}); // replayed with more rows and other ranks
  BOOST_TEST(rig.worst_share() <= allowed);
  rig.prefill_again({1, 1, 1, 0, 0, 4, 4, 2, 3}); // and with more segments
  BOOST_TEST(rig.worst_share() <= 2 * allowed);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mutants)

/// Whether the tests above would notice a kernel with that line missing.
bool is_noticed(const std::function<void(lora_rig&, const emulation&)>& run, emulation how) {
  for (how.seed = 1; how.seed <= 4; ++how.seed) {
    lora_rig rig(shapes[1], {0, 1, 2, 3, 3, 3});
    try {
      run(rig, how);
    } catch (const emulation_error&) {
      return true;
    }
    if (!(rig.worst_share() <= 2 * allowed))
      return true;
  }
  return false;
}

const auto decode = [](lora_rig& rig, const emulation& how) { rig.decode(how); };
const auto prefill = [](lora_rig& rig, const emulation& how) { rig.prefill(how); };

BOOST_AUTO_TEST_CASE(a_missing_barrier_is_seen) {
  BOOST_TEST(is_noticed(decode, {.forget_barrier = 0}));
  BOOST_TEST(is_noticed(prefill, {.forget_barrier = 0}));
}

BOOST_AUTO_TEST_CASE(a_warp_sum_cut_short_is_seen) { BOOST_TEST(is_noticed(decode, {.forget_shuffle = 0})); }

BOOST_AUTO_TEST_CASE(a_thread_that_leaves_before_the_barrier_is_seen) {
  BOOST_TEST(is_noticed(decode, {.leave_at_barrier = 0}));
  BOOST_TEST(is_noticed(prefill, {.leave_at_barrier = 0}));
}

BOOST_AUTO_TEST_CASE(nothing_is_seen_where_nothing_is_missing) {
  BOOST_TEST(!is_noticed(decode, {}));
  BOOST_TEST(!is_noticed(prefill, {}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::cuda
