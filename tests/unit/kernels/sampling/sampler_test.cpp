#include "kernels/sampling/sampler.hpp"

#include <cmath>

namespace {

using namespace troupe::kernels;

const std::vector<float> logits{0, 2, 1, -1};

std::set<token_id> drawn(const sampling& how) {
  std::set<token_id> all;
  for (std::uint64_t position = 0; position < 400; ++position)
    all.insert(draw(how, logits, position));
  return all;
}

sampling at(double temperature) { return {.temperature = temperature, .seed = 11}; }

} // namespace

BOOST_AUTO_TEST_SUITE(drawing_tokens)

BOOST_AUTO_TEST_CASE(without_temperature_the_likeliest_is_taken) {
  BOOST_TEST(drawn({}) == std::set<token_id>{1});
}

BOOST_AUTO_TEST_CASE(shares_follow_the_logits) {
  std::array<int, 4> counts{};
  for (std::uint64_t position = 0; position < 20'000; ++position)
    ++counts[static_cast<std::size_t>(draw(at(1), logits, position))];
  const double sum = std::exp(0) + std::exp(2) + std::exp(1) + std::exp(-1);
  BOOST_TEST(counts[1] / 20'000.0 == std::exp(2) / sum, boost::test_tools::tolerance(0.05));
  BOOST_TEST(counts[3] / 20'000.0 == std::exp(-1) / sum, boost::test_tools::tolerance(0.1));
}

BOOST_AUTO_TEST_CASE(filters_leave_the_likeliest) {
  auto how = at(1);
  how.top_k = 2;
  BOOST_TEST(drawn(how) == (std::set<token_id>{1, 2}));
  how = at(1);
  how.top_p = 0.6;
  BOOST_TEST(drawn(how) == std::set<token_id>{1});
  how = at(1);
  how.min_p = 0.3;
  BOOST_TEST(drawn(how) == (std::set<token_id>{1, 2}));
  how.top_p = 0;
  BOOST_TEST(drawn(how) == std::set<token_id>{1});
}

BOOST_AUTO_TEST_CASE(seeds_and_positions_decide_and_nothing_else_does) {
  auto other = at(1);
  other.seed = 12;
  std::vector<token_id> one, again, two;
  for (std::uint64_t position = 0; position < 64; ++position) {
    one.push_back(draw(at(1), logits, position));
    two.push_back(draw(other, logits, position));
  }
  for (std::uint64_t position = 64; position-- > 0;)
    again.insert(again.begin(), draw(at(1), logits, position));
  BOOST_TEST((one == again));
  BOOST_TEST((one != two));
}

BOOST_AUTO_TEST_SUITE_END()
