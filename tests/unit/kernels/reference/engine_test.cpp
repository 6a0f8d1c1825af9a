#include "kernels/reference/engine.hpp"

#include "kernels/model/rope.hpp"
#include "kernels/reference/arithmetic.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <cmath>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

const std::vector<std::string> names{"llama-gqa",       "llama3-rope", "mistral-window", "mixtral",
                                     "mixtral-experts", "phi2",        "qwen2-tied"};

const std::vector<token_id> first{5, 17, 300, 42,  8,   8,   9,   250, 31,  77,
                                  2, 3,  4,   100, 111, 122, 133, 144, 155, 166};
const std::vector<token_id> second{319, 2, 64};

std::vector<float> floats(const activations& of) { return {of.values().begin(), of.values().end()}; }

/// Bits, so that -0 and NaN count too.
bool same(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

struct llama {
  std::shared_ptr<const model_weights> model = golden_model("llama-gqa");
  reference_engine engine{model};
  sequence text{model->shape};

  std::string problem(const std::vector<step>& batch) const { return problem_of(engine.forward(batch)); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(batches)

BOOST_DATA_TEST_CASE(a_text_has_the_same_bits_alone_and_beside_others, boost::unit_test::data::make(names)) {
  const auto model = golden_model(sample);
  const auto with = golden_adapter(sample, model->shape);
  const reference_engine engine(model);
  sequence a(model->shape), b(model->shape, with), c(model->shape);
  const step batch[] = {{&a, first, true}, {&b, first, true}, {&c, second, true}};
  const auto made = engine.forward(batch).value();
  BOOST_TEST(same(floats(made[0]), logits_of(model, first)));
  BOOST_TEST(same(floats(made[1]), logits_of(model, first, with)));
  BOOST_TEST(same(floats(made[2]), logits_of(model, second)));
  BOOST_TEST(!same(floats(made[0]), floats(made[1])));
}

BOOST_DATA_TEST_CASE(a_text_has_the_same_bits_in_one_step_and_in_many, boost::unit_test::data::make(names)) {
  const auto model = golden_model(sample);
  const auto with = golden_adapter(sample, model->shape);
  const auto whole = logits_of(model, first, with);
  const reference_engine engine(model);
  sequence text(model->shape, with);
  const std::span tokens(first);
  std::vector<float> parts;
  for (const auto& [begin, count] : {std::pair<std::size_t, std::size_t>{0, 7}, {7, 1}, {8, 12}}) {
    const step part{&text, tokens.subspan(begin, count), true};
    const auto made = engine.forward({&part, 1}).value();
    parts.insert(parts.end(), made[0].values().begin(), made[0].values().end());
  }
  BOOST_TEST(same(whole, parts));
}

BOOST_AUTO_TEST_CASE(an_adapter_without_gain_changes_no_bit) {
  const auto model = golden_model("mixtral");
  auto idle = *golden_adapter("mixtral", model->shape);
  for (auto& layer : idle.layers)
    layer.query = layer.key = layer.value = layer.output = {};
  BOOST_TEST(same(logits_of(model, first), logits_of(model, first, std::make_shared<const adapter>(idle))));
}

BOOST_FIXTURE_TEST_CASE(the_last_position_alone_is_the_last_of_all, llama) {
  const step last{&text, first};
  const auto one = floats(engine.forward({&last, 1}).value().front());
  const auto all = logits_of(model, first);
  BOOST_TEST(same(one, {all.end() - 320, all.end()}));
}

BOOST_FIXTURE_TEST_CASE(what_cannot_be_computed_is_refused_before_anything_changes, llama) {
  sequence other(model->shape);
  const std::vector<token_id> bad{5, 320};
  const std::vector<token_id> negative{-1};
  const std::vector<token_id> none;
  const std::vector<token_id> long_one(257, 5);
  BOOST_TEST(within(problem({{&other, first}, {&text, bad}}), "token 320 is outside the vocabulary of 320"));
  BOOST_TEST(within(problem({{&text, negative}}), "token -1 is outside the vocabulary"));
  BOOST_TEST(within(problem({{&text, none}}), "without tokens"));
  BOOST_TEST(within(problem({{&text, long_one}}), "257 tokens do not fit the model's context of 256"));
  BOOST_TEST(within(problem({{&text, first}, {&text, first}}), "one step at a time"));
  BOOST_TEST(other.cache.positions() == 0u);
}

BOOST_FIXTURE_TEST_CASE(an_adapter_of_another_shape_is_refused, llama) {
  const auto small = golden_model("mixtral-experts");
  sequence other(model->shape, golden_adapter("mixtral-experts", small->shape));
  BOOST_TEST(within(problem({{&other, first}}), "another shape"));
}

BOOST_FIXTURE_TEST_CASE(the_context_counts_what_was_seen_before, llama) {
  const std::vector<token_id> most(256, 5);
  const step whole{&text, most};
  BOOST_REQUIRE(engine.forward({&whole, 1}).has_value());
  BOOST_TEST(within(problem({{&text, second}}), "259 tokens do not fit"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(plain_arithmetic)

BOOST_AUTO_TEST_CASE(dots_of_every_length_are_right) {
  for (std::size_t size = 0; size < 100; ++size) {
    std::vector<float> a(size), b(size);
    double wanted = 0;
    for (std::size_t i = 0; i < size; ++i) {
      a[i] = static_cast<float>(i % 7) - 3;
      b[i] = static_cast<float>(i % 5);
      wanted += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    }
    BOOST_REQUIRE(static_cast<double>(dot(a, b)) == wanted);
  }
}

BOOST_AUTO_TEST_CASE(norms_follow_their_formulas) {
  const std::vector<float> x{1, 2, 3, 6};
  std::vector<float> y(4);
  normalise({{1, 1, 1, 2}, {}}, 0.5, x, y);
  BOOST_TEST(y[3] == 12 / std::sqrt(13.0f), boost::test_tools::tolerance(1e-6f));
  normalise({{1, 1, 1, 2}, {0, 0, 0, 1}}, 0.5, x, y);
  BOOST_TEST(y[0] == -2 / std::sqrt(4.0f), boost::test_tools::tolerance(1e-6f));
  BOOST_TEST(y[3] == 2 * 3 / std::sqrt(4.0f) + 1, boost::test_tools::tolerance(1e-6f));
}

BOOST_AUTO_TEST_CASE(activations_follow_their_formulas) {
  BOOST_TEST(silu(2) == 2 / (1 + std::exp(-2.0f)), boost::test_tools::tolerance(1e-6f));
  BOOST_TEST(gelu_tanh(1) == 0.841192f, boost::test_tools::tolerance(1e-5f));
  std::vector<float> shares{1000, 1000, -1000};
  softmax(shares);
  BOOST_TEST(shares == (std::vector<float>{0.5f, 0.5f, 0}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_first_of_equals_is_the_most_likely) {
  BOOST_TEST(most_likely(std::vector<float>{1, 3, 3}) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
