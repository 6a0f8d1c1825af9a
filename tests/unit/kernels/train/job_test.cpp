// A training as a whole: it learns, and however often it is interrupted, the same bits come out.
#include "kernels/adapters/peft.hpp"
#include "kernels/train/event_file.hpp"
#include "kernels/train/job.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace troupe::kernels::train {

namespace {

using kernels::tests::golden_model;
using kernels::tests::problem_of;
using kernels::tests::within;

job_plan small_plan() {
  job_plan plan;
  plan.with.targets = {"all-linear"};
  plan.with.rank = 4;
  plan.epochs = 6;
  plan.batch = 4;
  plan.rate = 5e-3;
  plan.dropout = 0.05;
  return plan;
}

/// Texts of which each token says the next.
std::vector<example> chains(std::size_t count) {
  std::vector<example> texts;
  for (std::size_t i = 0; i < count; ++i) {
    example one{{}, 2};
    for (std::size_t at = 0; at < 10; ++at)
      one.tokens.push_back(static_cast<token_id>(2 + (i * 3 + at * 7) % 300));
    texts.push_back(std::move(one));
  }
  return texts;
}

training_job job_of(const job_plan& plan) {
  return training_job::begin(golden_model("llama-gqa"), plan, chains(8), nullptr).value();
}

bool same(const adapter& a, const adapter& b) {
  bool equal = true;
  for (std::size_t i = 0; i < a.layers.size(); ++i)
    equal = equal && a.layers[i].query.up == b.layers[i].query.up &&
            a.layers[i].query.down == b.layers[i].query.down &&
            a.layers[i].ffn.down.up == b.layers[i].ffn.down.up;
  return equal;
}

} // namespace

BOOST_AUTO_TEST_SUITE(training_jobs)

BOOST_AUTO_TEST_CASE(a_fresh_adapter_changes_nothing) {
  const auto model = golden_model("llama-gqa");
  const auto fresh =
      std::make_shared<const adapter>(fresh_adapter("fresh", model->shape, small_plan().with, 3).value());
  BOOST_TEST(kernels::tests::logits_of(model, {5, 6, 7}, fresh) ==
                 kernels::tests::logits_of(model, {5, 6, 7}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(eight_texts_are_learned_by_heart) {
  auto plan = small_plan();
  plan.epochs = 100;
  plan.dropout = 0;
  auto job = job_of(plan);
  while (!job.is_over())
    job.step();
  BOOST_TEST(job.evaluate(chains(8)) < 0.05);
}

BOOST_AUTO_TEST_CASE(a_training_that_was_interrupted_ends_with_the_same_bits) {
  const kernels::tests::own_folder place;
  auto whole = job_of(small_plan());
  while (!whole.is_over())
    whole.step();
  auto begun = job_of(small_plan());
  for (int i = 0; i < 5; ++i)
    begun.step();
  BOOST_REQUIRE(begun.save(place.file("checkpoint")).has_value());
  auto resumed = job_of(small_plan());
  BOOST_REQUIRE_EQUAL(problem_of(resumed.resume(place.file("checkpoint"))), "no problem");
  BOOST_TEST(resumed.at() == 5u);
  while (!resumed.is_over())
    resumed.step();
  BOOST_TEST(same(whole.current(), resumed.current()));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_plan_is_refused) {
  const kernels::tests::own_folder place;
  const auto saved = job_of(small_plan()).save(place.file("checkpoint"));
  BOOST_REQUIRE(saved.has_value());
  auto plan = small_plan();
  plan.rate = 1e-3;
  BOOST_TEST(within(problem_of(job_of(plan).resume(place.file("checkpoint"))), "another plan"));
}

BOOST_AUTO_TEST_CASE(what_is_no_checkpoint_is_refused) {
  const kernels::tests::own_folder place;
  std::ofstream(place.file("checkpoint")) << "no tensors here";
  BOOST_TEST(!job_of(small_plan()).resume(place.file("checkpoint")).has_value());
  BOOST_TEST(!job_of(small_plan()).resume(place.file("none")).has_value());
}

BOOST_AUTO_TEST_CASE(a_folder_that_was_written_is_read_back) {
  const kernels::tests::own_folder place;
  const auto model = golden_model("mixtral");
  auto plan = small_plan().with;
  plan.targets = {"q_proj", "w2"};
  const auto made = fresh_adapter("made", model->shape, plan, 9).value();
  BOOST_REQUIRE(write_peft_adapter(place.file("adapter"), made, model->shape, plan, "base").has_value());
  const auto read = load_peft_adapter(place.file("adapter"), model->shape);
  BOOST_REQUIRE_EQUAL(problem_of(read), "no problem");
  BOOST_TEST(read->layers[1].query.down == made.layers[1].query.down, boost::test_tools::per_element());
  BOOST_TEST(read->layers[1].experts[3].down.down == made.layers[1].experts[3].down.down,
             boost::test_tools::per_element());
  BOOST_TEST(read->layers[0].query.scale == made.layers[0].query.scale);
  BOOST_TEST(read->layers[0].key.empty());
}

BOOST_AUTO_TEST_CASE(a_target_that_is_not_there_is_told_with_what_is) {
  const auto made = fresh_adapter("x", golden_model("llama-gqa")->shape, {{"fc1"}, 4, 8, false}, 1);
  BOOST_REQUIRE(!made.has_value());
  BOOST_TEST(within(made.error().hint, "gate_proj"));
}

BOOST_AUTO_TEST_CASE(plans_out_of_range_are_refused) {
  auto plan = small_plan();
  plan.dropout = 1;
  BOOST_TEST(!check_plan(plan).has_value());
  plan = small_plan();
  plan.part = 5;
  BOOST_TEST(!check_plan(plan).has_value());
  plan = small_plan();
  plan.rate = 0;
  BOOST_TEST(!check_plan(plan).has_value());
  plan = small_plan();
  plan.warm_up = 1.5;
  BOOST_TEST(!check_plan(plan).has_value());
}

BOOST_AUTO_TEST_CASE(checksums_are_castagnolis) { BOOST_TEST(crc32c("123456789") == 0xe3069283u); }

BOOST_AUTO_TEST_CASE(a_curve_is_records_of_events) {
  const kernels::tests::own_folder place;
  auto curves = event_file::open(place.path(), 12.5).value();
  curves.add(13, 7, "loss", 0.5f);
  std::ifstream in(place.file("events.out.tfevents.12.troupe"), std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  BOOST_TEST(within(bytes, "brain.Event:2"));
  BOOST_TEST(within(bytes, "loss"));
  // The first record: 24 bytes of event between a length with its checksum and one of its own.
  BOOST_TEST(static_cast<int>(bytes[0]) == 24);
  BOOST_TEST(static_cast<int>(bytes[12 + 24 + 4]) > 0);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::train
