#include "kernels/serving/scheduler.hpp"

#include "tests/unit/kernels/serving/rig.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

std::string refusal(serving_rig& rig, text_request asked) {
  return problem_of(rig.served.submit(std::move(asked)));
}

text_request of_tenant(const std::string& tenant, std::uint32_t seed, std::uint32_t tokens_max) {
  auto asked = plain_request(some_tokens(4, seed), tokens_max);
  asked.tenant = tenant;
  return asked;
}

} // namespace

BOOST_AUTO_TEST_SUITE(serving)

BOOST_AUTO_TEST_CASE(what_could_never_be_answered_is_refused_at_once) {
  serving_rig rig({}, 4);
  BOOST_TEST(refusal(rig, plain_request({}, 1)) == "a text needs at least one token to go on with");
  BOOST_TEST(refusal(rig, plain_request({320}, 1)) == "token 320 is outside the vocabulary of 320");
  BOOST_TEST(refusal(rig, plain_request({1}, 1, "ghost")) == "there is no adapter ghost");
  BOOST_TEST(refusal(rig, plain_request(some_tokens(65, 1), 1)) ==
             "the prompt has 65 tokens, but the cache holds 64");
  serving_rig wide;
  BOOST_TEST(refusal(wide, plain_request(some_tokens(257, 1), 1)) ==
             "the prompt has 257 tokens, but the model's context holds 256");
}

BOOST_AUTO_TEST_CASE(a_text_ends_where_the_context_does) {
  serving_rig rig;
  const auto& whole = rig.answer(plain_request(some_tokens(250, 1), 1'000));
  BOOST_TEST(whole.tokens.size() == 7u); // the last one is never put through the model
  BOOST_TEST((whole.end->why == text_finish::length));
  const auto& full = rig.answer(plain_request(some_tokens(256, 1), 1'000));
  BOOST_TEST(full.tokens.size() == 1u);
}

BOOST_AUTO_TEST_CASE(more_than_may_wait_are_refused) {
  serving_rig rig({.waiting_max = 2});
  rig.ask(plain_request({5}, 1));
  rig.ask(plain_request({5}, 1));
  BOOST_TEST((rig.served.submit(plain_request({5}, 1)).error().what == fault::refused));
}

BOOST_AUTO_TEST_CASE(a_text_can_be_canceled_at_any_moment) {
  serving_rig rig({.step_tokens_max = 8, .texts_max = 2}, 16);
  const auto waiting = rig.ask(plain_request(some_tokens(30, 1), 50));
  rig.served.cancel(waiting);
  const auto reading = rig.ask(plain_request(some_tokens(30, 2), 50));
  rig.step();
  rig.served.cancel(reading);
  const auto writing = rig.ask(plain_request({7}, 50));
  rig.step();
  rig.step();
  rig.served.cancel(writing);
  rig.served.cancel(writing);
  rig.finish();
  BOOST_TEST((rig.all[waiting].end->why == text_finish::canceled));
  BOOST_TEST((rig.all[reading].end->why == text_finish::canceled));
  BOOST_TEST((rig.all[writing].end->why == text_finish::canceled));
  BOOST_TEST(rig.all[writing].tokens.size() == 2u);
  const auto counted = rig.served.counters();
  BOOST_TEST(counted.pages_free + counted.pages_known == 16u);
}

BOOST_AUTO_TEST_CASE(a_text_ends_at_its_deadline) {
  serving_rig rig;
  auto asked = plain_request({7}, 200);
  asked.deadline = serving_time(10);
  const auto id = rig.ask(std::move(asked));
  rig.now = serving_time(9);
  rig.step();
  BOOST_TEST(!rig.all[id].end);
  rig.now = serving_time(10);
  rig.step();
  BOOST_TEST((rig.all[id].end->why == text_finish::deadline));
  BOOST_TEST(rig.all[id].end->usage.completion == 1u);
}

BOOST_AUTO_TEST_CASE(a_higher_priority_goes_first_and_takes_a_place) {
  serving_rig rig({.step_tokens_max = 8, .texts_max = 1});
  const auto low = rig.ask(plain_request({7}, 6));
  rig.step();
  auto urgent = plain_request({9}, 2);
  urgent.priority = 1;
  const auto high = rig.ask(std::move(urgent));
  rig.step();
  rig.step();
  BOOST_TEST(rig.all[high].end.has_value());
  BOOST_TEST(!rig.all[low].end);
  rig.finish();
  BOOST_TEST(rig.all[low].tokens.size() == 6u);
}

BOOST_AUTO_TEST_CASE(a_tenant_with_many_texts_leaves_room_for_one_with_few) {
  serving_rig rig({.step_tokens_max = 8, .texts_max = 2});
  for (std::uint32_t i = 0; i < 20; ++i)
    rig.ask(of_tenant("greedy", i, 20));
  for (int i = 0; i < 5; ++i)
    rig.step();
  const auto modest = rig.ask(of_tenant("modest", 99, 4));
  for (int i = 0; i < 5; ++i) // it comes in once the others have had one token more than it
    rig.step();
  BOOST_TEST(rig.all[modest].end.has_value());
}

BOOST_AUTO_TEST_CASE(two_tenants_that_ask_alike_are_served_alike) {
  serving_rig rig({.step_tokens_max = 4, .texts_max = 1});
  std::map<request_id, std::string> owner;
  for (std::uint32_t i = 0; i < 8; ++i)
    owner[rig.ask(of_tenant("first", i, 4))] = "first";
  for (std::uint32_t i = 0; i < 8; ++i)
    owner[rig.ask(of_tenant("second", i, 4))] = "second";
  std::map<std::string, int> ended;
  while (ended["first"] + ended["second"] < 8) {
    rig.step();
    ended.clear();
    for (const auto& [id, one] : rig.all)
      ended[owner[id]] += one.end ? 1 : 0;
  }
  BOOST_TEST(ended["first"] == 4);
  BOOST_TEST(ended["second"] == 4);
}

BOOST_AUTO_TEST_CASE(the_tokens_that_end_a_text_are_not_part_of_it) {
  serving_rig rig;
  const auto prompt = some_tokens(5, 8);
  const auto whole = rig.answer(plain_request(prompt, 5)).tokens;
  auto asked = plain_request(prompt, 5);
  asked.ignore_end = false;
  asked.end_tokens = {whole[2]};
  const auto& cut = rig.answer(std::move(asked));
  BOOST_TEST((cut.end->why == text_finish::stop));
  BOOST_TEST(cut.tokens == std::vector(whole.begin(), std::ranges::find(whole, whole[2])),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(scores_are_the_models_own_before_anything_is_done_to_them) {
  serving_rig rig;
  auto asked = plain_request(some_tokens(5, 8), 3);
  asked.scored = true;
  asked.alternatives = 320;
  asked.less.bias = {{42, 100.0f}};
  const auto& scored = rig.answer(std::move(asked));
  BOOST_TEST(scored.tokens == std::vector<token_id>(3, 42), boost::test_tools::per_element());
  double sum = 0;
  for (const auto& [token, score] : scored.scores.front().likeliest)
    sum += std::exp(static_cast<double>(score));
  BOOST_TEST(sum == 1.0, boost::test_tools::tolerance(1e-5));
  BOOST_TEST(scored.scores.front().log_probability < -1);
}

BOOST_AUTO_TEST_SUITE_END()
