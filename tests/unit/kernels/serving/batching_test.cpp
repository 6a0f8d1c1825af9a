// What a text says must not depend on who else is served, on preemption or on what the cache knew.
#include "tests/unit/kernels/serving/rig.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

/// The same seed gives the same requests: prompts that begin alike, adapters, draws, penalties, stops.
std::vector<text_request> random_requests(std::uint32_t seed, std::size_t count) {
  std::mt19937 random(seed);
  const auto common = some_tokens(70, seed);
  std::vector<text_request> requests;
  for (std::size_t i = 0; i < count; ++i) {
    const auto adapter = random() % 3;
    auto asked = plain_request({}, 1 + static_cast<std::uint32_t>(random() % 30),
                               adapter == 0   ? ""
                               : adapter == 1 ? "poet"
                                              : "clerk");
    asked.prompt.assign(common.begin(), common.begin() + static_cast<std::ptrdiff_t>(random() % 70));
    const auto own = some_tokens(1 + random() % 20, static_cast<std::uint32_t>(random()));
    asked.prompt.insert(asked.prompt.end(), own.begin(), own.end());
    asked.how = {.temperature = random() % 2 == 0 ? 0.0 : 1.2, .top_k = 50, .seed = random()};
    asked.less = {.repetition = 1.1, .frequency = 0.3, .presence = 0.2, .bias = {{5, 2.0f}}};
    asked.scored = random() % 2 == 0;
    asked.alternatives = 2;
    asked.stop = {"e", "th"};
    asked.priority = static_cast<int>(random() % 2);
    asked.tenant = std::to_string(random() % 3);
    requests.push_back(std::move(asked));
  }
  return requests;
}

void put_adapters(serving_rig& rig) {
  BOOST_TEST(rig.adapters.put("poet", "1").has_value());
  BOOST_TEST(rig.adapters.put("clerk", "-3").has_value());
}

std::vector<heard> alone(std::uint32_t seed, std::size_t count) {
  std::vector<heard> answers;
  for (auto& asked : random_requests(seed, count)) {
    serving_rig rig({.share_prefixes = false});
    put_adapters(rig);
    answers.push_back(rig.answer(std::move(asked)));
  }
  return answers;
}

/// Bit for bit: tokens, text, why it ended, and the figures behind it.
bool same(const heard& a, const heard& b) {
  const auto equal = [](const token_score& x, const token_score& y) {
    return x.token == y.token && x.log_probability == y.log_probability && x.likeliest == y.likeliest;
  };
  return a.text == b.text && a.tokens == b.tokens && a.end->why == b.end->why && a.end->stop == b.end->stop &&
         std::ranges::equal(a.scores, b.scores, equal);
}

std::size_t differing(serving_rig& rig, const std::vector<heard>& expected, std::uint32_t seed) {
  put_adapters(rig);
  std::vector<request_id> ids;
  for (auto& asked : random_requests(seed, expected.size())) {
    ids.push_back(rig.ask(std::move(asked)));
    rig.step(); // they come while others are under way
  }
  rig.finish();
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < ids.size(); ++i)
    wrong += same(rig.all[ids[i]], expected[i]) ? 0 : 1;
  return wrong;
}

const std::vector<std::uint32_t> seeds{1, 2, 3};
constexpr std::size_t texts = 14;

} // namespace

BOOST_AUTO_TEST_SUITE(batching)

BOOST_DATA_TEST_CASE(a_text_is_the_same_alone_and_in_any_batch, boost::unit_test::data::make(seeds)) {
  const auto expected = alone(sample, texts);
  serving_rig roomy;
  BOOST_TEST(differing(roomy, expected, sample) == 0u);
  BOOST_TEST(roomy.served.counters().mixed_steps > 0u);
  BOOST_TEST(roomy.served.counters().batch_adapters_most == 3u);
  serving_rig chunked({.step_tokens_max = 7, .texts_max = 5});
  BOOST_TEST(differing(chunked, expected, sample) == 0u);
  serving_rig forgetful({.share_prefixes = false});
  BOOST_TEST(differing(forgetful, expected, sample) == 0u);
  BOOST_TEST(forgetful.served.counters().cached_tokens == 0u);
}

BOOST_DATA_TEST_CASE(a_text_is_the_same_when_pages_run_out, boost::unit_test::data::make(seeds)) {
  const auto expected = alone(sample, texts);
  serving_rig tight({.step_tokens_max = 24, .texts_max = 8}, 9);
  BOOST_TEST(differing(tight, expected, sample) == 0u);
  BOOST_TEST(tight.served.counters().preemptions > 0u);
  serving_rig tightest({.step_tokens_max = 24, .texts_max = 8, .share_prefixes = false}, 9);
  BOOST_TEST(differing(tightest, expected, sample) == 0u);
  BOOST_TEST(tightest.served.counters().preemptions > 0u);
  BOOST_TEST(tightest.served.counters().pages_free == 9u);
}

BOOST_DATA_TEST_CASE(the_pieces_of_a_text_are_the_text, boost::unit_test::data::make(seeds)) {
  for (const auto& one : alone(sample, texts)) {
    const auto whole = tiny_words().decode(one.tokens, false);
    const auto stop = std::min(whole.find('e'), whole.find("th"));
    BOOST_TEST(one.text == whole.substr(0, stop));
    BOOST_TEST((one.end->why == text_finish::stop) == (stop != std::string::npos));
  }
}

BOOST_AUTO_TEST_CASE(agents_that_begin_alike_share_what_they_begin_with) {
  serving_rig rig({.step_tokens_max = 64, .texts_max = 16}, 64);
  const auto common = some_tokens(160, 5);
  for (std::uint32_t i = 0; i < 16; ++i) {
    auto prompt = common;
    prompt.push_back(static_cast<token_id>(10 + i));
    rig.ask(plain_request(std::move(prompt), 1));
  }
  rig.finish();
  const auto counted = rig.served.counters();
  BOOST_TEST(counted.prompt_tokens == 16u * 161);
  BOOST_TEST(counted.cached_tokens == 15u * 160);
  BOOST_TEST(counted.computed_tokens == 160u + 16);
}

BOOST_AUTO_TEST_CASE(pages_of_one_adapter_are_never_those_of_another) {
  serving_rig rig;
  put_adapters(rig);
  const auto prompt = some_tokens(40, 3);
  const auto base = rig.answer(plain_request(prompt, 8));
  const auto poet = rig.answer(plain_request(prompt, 8, "poet"));
  BOOST_TEST(poet.end->usage.cached == 0u);
  BOOST_TEST((base.tokens != poet.tokens));
  BOOST_TEST(rig.answer(plain_request(prompt, 8, "poet")).end->usage.cached == 32u);
}

BOOST_AUTO_TEST_CASE(the_mean_of_hidden_states_is_the_same_in_any_chunks) {
  const auto embed = [](serving_rig& rig, std::uint32_t seed) {
    auto asked = plain_request(some_tokens(50, seed), 0);
    asked.embed = true;
    return rig.ask(std::move(asked));
  };
  serving_rig whole;
  const auto alone = embed(whole, 1);
  whole.finish();
  serving_rig chunked({.step_tokens_max = 9, .texts_max = 3}, 8);
  embed(chunked, 2);
  const auto among = embed(chunked, 1);
  chunked.finish();
  BOOST_TEST(whole.all[alone].end->embedding.size() == tiny_model()->shape.width);
  BOOST_TEST(whole.all[alone].end->embedding == chunked.all[among].end->embedding);
}

BOOST_AUTO_TEST_SUITE_END()
