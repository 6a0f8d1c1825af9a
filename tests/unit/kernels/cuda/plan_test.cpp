// The planner: whatever the batch, each row stands in one place and no grid depends on it.
#include "kernels/cuda/plan.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

namespace troupe::kernels::cuda {

namespace {

constexpr lora_capacity room{256, 64, 16, 32};

/// Batches as schedulers make them: single rows and runs, adapters and none, in any order.
std::vector<std::int32_t> some_batch(std::mt19937& draw) {
  std::vector<std::int32_t> slots;
  const auto runs = 1 + draw() % 12;
  for (std::size_t i = 0; i < runs; ++i)
    slots.insert(slots.end(), 1 + draw() % 20, static_cast<std::int32_t>(draw() % 17) - 1);
  return slots;
}

/// How often each row is taken care of.
std::vector<int> times_served(const lora_plan& plan) {
  std::vector<int> times;
  for (const auto slot : plan.slot_of_row)
    times.push_back(slot >= 0 ? 1 : 0);
  for (const auto& segment : plan.segments)
    for (std::uint32_t row = 0; row < segment.rows; ++row)
      ++times[segment.first + row];
  return times;
}

std::vector<std::int32_t> slots_served(const lora_plan& plan) {
  auto slots = plan.slot_of_row;
  for (const auto& segment : plan.segments)
    for (std::uint32_t row = 0; row < segment.rows; ++row)
      slots[segment.first + row] = segment.slot;
  return slots;
}

} // namespace

BOOST_AUTO_TEST_SUITE(lora_plans)

BOOST_AUTO_TEST_CASE(each_row_is_served_once_by_its_own_adapter) {
  std::mt19937 draw(1);
  for (int round = 0; round < 500; ++round) {
    const auto slots = some_batch(draw);
    const auto plan = plan_lora(slots, room).value();
    const auto times = times_served(plan);
    for (std::size_t row = 0; row < slots.size(); ++row)
      BOOST_REQUIRE(times[row] == (slots[row] >= 0 ? 1 : 0));
    BOOST_REQUIRE(slots_served(plan) == slots);
  }
}

BOOST_AUTO_TEST_CASE(segments_are_whole_tiles_but_for_the_last_of_a_run) {
  std::vector<std::int32_t> slots(40, 3);
  const auto plan = plan_lora(slots, room).value();
  BOOST_REQUIRE_EQUAL(plan.segments.size(), 3u);
  BOOST_TEST(plan.segments[0].rows == segment_rows);
  BOOST_TEST(plan.segments[1].first == 16u);
  BOOST_TEST(plan.segments[2].rows == 8u);
}

BOOST_AUTO_TEST_CASE(short_runs_go_row_by_row) {
  const auto plan = plan_lora(std::vector<std::int32_t>{2, 2, 2, 5, -1}, room).value();
  BOOST_TEST(plan.segments.empty());
  BOOST_TEST(plan.slot_of_row == (std::vector<std::int32_t>{2, 2, 2, 5, -1}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_is_refused) {
  BOOST_TEST(!plan_lora(std::vector<std::int32_t>(257, -1), room).has_value());
  BOOST_TEST(!plan_lora(std::vector<std::int32_t>{16}, room).has_value());
  BOOST_TEST(!plan_lora(std::vector<std::int32_t>(64, 1), {256, 3, 16, 32}).has_value());
}

BOOST_AUTO_TEST_CASE(a_lone_row_is_split_until_the_device_is_busy) {
  BOOST_TEST(splits_for(4'096, 3, 16, 132) == 16u); // not thinner than 256 numbers
  BOOST_TEST(splits_for(14'336, 1, 128, 132) == 17u);
  BOOST_TEST(splits_for(128, 1, 8, 132) == 1u);
}

BOOST_AUTO_TEST_CASE(one_adapter_costs_a_lone_text_less_than_a_hundredth) {
  model_shape mistral;
  mistral.of = family::mistral;
  mistral.layers = 32, mistral.width = 4'096, mistral.heads = 32, mistral.kv_heads = 8,
  mistral.head_size = 128;
  mistral.ffn_width = 14'336, mistral.vocabulary = 32'000;
  const auto alone = cost_of(mistral, {}, 132);
  BOOST_TEST(alone.ratio() < 1.01);
  BOOST_TEST(alone.lora_bytes == 83.9e6, boost::test_tools::tolerance(0.001)); // twice the 42 M parameters
  BOOST_TEST(alone.launches == 256u);
  const auto crowd = cost_of(mistral, {.texts = 256, .distinct = 256}, 132);
  BOOST_TEST(crowd.ratio() == 1.45, boost::test_tools::tolerance(0.02));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::cuda
