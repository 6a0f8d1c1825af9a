// Gradients in double against central differences, for every family, and what must not change them.
#include "kernels/adapters/peft_tensors.hpp"
#include "kernels/train/loss.hpp"
#include "kernels/train/pass.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <array>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <random>

namespace troupe::kernels::train {

namespace {

using kernels::tests::golden_adapter;
using kernels::tests::golden_folder;
using kernels::tests::golden_model;

const std::array families{"llama-gqa",       "llama3-rope", "mistral-window", "mixtral",
                          "mixtral-experts", "phi2",        "qwen2-tied"};

struct subject {
  std::shared_ptr<const model_weights> model;
  std::shared_ptr<const adapter> with;
  bool shared;
  std::vector<example> texts;

  explicit subject(const std::string& name)
      : model(golden_model(name))
      , with(golden_adapter(name, model->shape))
      , shared(shares_gate_up(open_peft_config(golden_folder(name) + "/adapter").value(), model->shape)) {
    std::mt19937 draw(7);
    for (const auto& [length, answer] : {std::pair<std::size_t, std::size_t>{24, 5}, {9, 1}, {17, 16}}) {
      example one{{}, answer};
      for (std::size_t i = 0; i < length; ++i)
        one.tokens.push_back(static_cast<token_id>(draw() % model->shape.vocabulary));
      texts.push_back(std::move(one));
    }
  }

  template<class Real>
  parameters<Real> start() const {
    return parameters<Real>(*with, model->shape, shared);
  }
};

std::size_t scored(const std::vector<example>& texts) {
  std::size_t count = 0;
  for (const auto& one : texts)
    count += one.tokens.size() - one.answer;
  return count;
}

template<class Real>
Real loss_at(const subject& s, const parameters<Real>& values, const pass_options& options) {
  training_pass<Real> pass(*s.model, &values, s.texts, options);
  return supervised_loss<Real>(pass.forward(), scored(s.texts)).value;
}

template<class Real>
parameters<Real> gains_at(const subject& s, const parameters<Real>& values, const pass_options& options) {
  auto gains = values.zeros();
  training_pass<Real> pass(*s.model, &values, s.texts, options);
  pass.backward(supervised_loss<Real>(pass.forward(), scored(s.texts)).slopes, gains);
  return gains;
}

/// The worst distance between our gradient and central differences at some places of each matrix, as a share
/// of the matrix's largest gain.
double worst_against_differences(const subject& s, const pass_options& options) {
  constexpr double step = 1e-5;
  auto values = s.start<double>();
  auto gains = gains_at(s, values, options);
  double worst = 0;
  std::mt19937 draw(3);
  for (std::size_t place = 0; place < gains.sites().count(); ++place)
    for (auto side : {&low_rank<double>::down, &low_rank<double>::up}) {
      auto& numbers = values.pair(place).*side;
      const auto& gain = gains.pair(place).*side;
      double largest = 0;
      for (const double g : gain)
        largest = std::max(largest, std::fabs(g));
      for (int i = 0; i < 2 && largest > 0; ++i) {
        const auto at = draw() % numbers.size();
        const double kept = numbers[at];
        numbers[at] = kept + step;
        const double above = loss_at(s, values, options);
        numbers[at] = kept - step;
        const double below = loss_at(s, values, options);
        numbers[at] = kept;
        worst = std::max(worst, std::fabs((above - below) / (2 * step) - gain[at]) / largest);
      }
    }
  return worst;
}

bool same(parameters<float>& a, parameters<float>& b) {
  bool equal = true;
  const std::array sets{&a, &b};
  parameters<float>::for_each(sets, [&equal](std::span<const std::span<float>> both) {
    equal = equal && std::ranges::equal(both[0], both[1]);
  });
  return equal;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gradients)

// A shared A is two numbers of which a difference moves one: those cases are the golden figures'.
BOOST_DATA_TEST_CASE(a_gradient_is_what_differences_say, boost::unit_test::data::make(families), name) {
  subject s(name);
  s.shared = false;
  BOOST_TEST(worst_against_differences(s, {}) <= 1e-6);
}

BOOST_AUTO_TEST_CASE(a_gradient_is_what_differences_say_with_numbers_dropped) {
  pass_options options;
  options.drop = {0.3, 11, 4};
  BOOST_TEST(worst_against_differences(subject("llama-gqa"), options) <= 1e-6);
}

BOOST_DATA_TEST_CASE(checkpointing_changes_no_bit, boost::unit_test::data::make(families), name) {
  const subject s(name);
  const auto values = s.start<float>();
  pass_options options;
  options.drop = {0.1, 5, 9};
  auto kept = gains_at(s, values, options);
  options.checkpointing = true;
  auto computed_again = gains_at(s, values, options);
  BOOST_TEST(same(kept, computed_again));
}

BOOST_DATA_TEST_CASE(texts_one_by_one_give_what_they_give_together, boost::unit_test::data::make(families),
                     name) {
  const subject s(name);
  const auto values = s.start<double>();
  auto together = gains_at(s, values, {});
  auto one_by_one = values.zeros();
  for (const auto& text : s.texts) {
    training_pass<double> pass(*s.model, &values, std::span(&text, 1), {});
    pass.backward(supervised_loss<double>(pass.forward(), scored(s.texts)).slopes, one_by_one);
  }
  double worst = 0, largest = 0;
  const std::array sets{&together, &one_by_one};
  parameters<double>::for_each(sets, [&](std::span<const std::span<double>> both) {
    for (std::size_t i = 0; i < both[0].size(); ++i) {
      largest = std::max(largest, std::fabs(both[0][i]));
      worst = std::max(worst, std::fabs(both[0][i] - both[1][i]));
    }
  });
  BOOST_TEST(worst <= 1e-12 * largest);
}

BOOST_AUTO_TEST_CASE(two_threads_give_what_one_gives_twice_over) {
  const subject s("llama-gqa");
  const auto values = s.start<float>();
  pass_options options;
  options.team = std::make_shared<thread_team>(2);
  auto first = gains_at(s, values, options);
  auto second = gains_at(s, values, options);
  BOOST_TEST(same(first, second));
}

BOOST_DATA_TEST_CASE(scores_are_the_references, boost::unit_test::data::make(families), name) {
  const subject s(name);
  const auto values = s.start<double>();
  training_pass<double> pass(*s.model, &values, s.texts, {});
  const auto scores = pass.forward();
  const auto logits = kernels::tests::logits_of(s.model, s.texts[1].tokens, s.with);
  const std::size_t width = s.model->shape.vocabulary;
  double worst = 0;
  for (std::size_t at = 1; at < s.texts[1].tokens.size(); ++at) {
    const auto row = std::span(logits).subspan((at - 1) * width, width);
    double sum = 0;
    for (const float v : row)
      sum += std::exp(static_cast<double>(v));
    const auto token = static_cast<std::size_t>(s.texts[1].tokens[at]);
    worst = std::max(worst, std::fabs(static_cast<double>(row[token]) - std::log(sum) - scores[1][at - 1]));
  }
  BOOST_TEST(worst <= 1e-3);
}

BOOST_AUTO_TEST_CASE(texts_that_teach_nothing_are_refused) {
  const auto shape = golden_model("llama-gqa")->shape;
  BOOST_TEST(!check_example({{1, 2}, 0}, shape).has_value());
  BOOST_TEST(!check_example({{1, 2}, 2}, shape).has_value());
  BOOST_TEST(!check_example({{1, -1}, 1}, shape).has_value());
  BOOST_TEST(!check_example({{1, static_cast<token_id>(shape.vocabulary)}, 1}, shape).has_value());
  BOOST_TEST(!check_example({std::vector<token_id>(shape.context + 1, 3), 1}, shape).has_value());
  BOOST_TEST(check_example({{1, 2}, 1}, shape).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace troupe::kernels::train
