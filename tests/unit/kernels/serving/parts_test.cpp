#include "kernels/sampling/penalties.hpp"
#include "kernels/serving/prefix_cache.hpp"
#include "kernels/serving/stop_matcher.hpp"

#include "tests/unit/kernels/serving/rig.hpp"

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

std::vector<token_id> page_of(token_id token) { return std::vector<token_id>(page_positions, token); }

/// Allows what a list says, one token after the other, then the end.
class listed final : public token_constraint {
public:
  explicit listed(std::vector<token_id> tokens, bool forces)
      : tokens_(std::move(tokens))
      , forces_(forces) {}
  void allow(token_bits bits) override {
    std::ranges::fill(bits, 0);
    const auto token = static_cast<std::size_t>(is_complete() ? end : tokens_[at_]);
    bits[token / 64] |= std::uint64_t{1} << (token % 64);
  }
  bool accept(token_id token) override {
    if (is_complete() || tokens_[at_] != token)
      return false;
    ++at_;
    return true;
  }
  bool is_complete() const override { return at_ == tokens_.size(); }
  std::vector<token_id> forced() override {
    return forces_ ? std::vector(tokens_.begin() + static_cast<std::ptrdiff_t>(at_), tokens_.end())
                   : std::vector<token_id>();
  }
  std::unique_ptr<token_constraint> copy() const override { return std::make_unique<listed>(*this); }

private:
  static constexpr token_id end = 1;
  std::vector<token_id> tokens_;
  bool forces_;
  std::size_t at_ = 0;
};

/// Any token may come, and the text may end behind the second.
class open_end final : public token_constraint {
public:
  void allow(token_bits bits) override { std::ranges::fill(bits, ~std::uint64_t{0}); }
  bool accept(token_id) override { return ++at_ > 0; }
  bool is_complete() const override { return at_ >= 2; }
  std::vector<token_id> forced() override { return {}; }
  std::unique_ptr<token_constraint> copy() const override { return std::make_unique<open_end>(*this); }

private:
  int at_ = 0;
};

text_request constrained(std::vector<token_id> tokens, bool forces) {
  auto asked = plain_request({5, 6}, 50);
  asked.ignore_end = false;
  asked.constraint = std::make_unique<listed>(std::move(tokens), forces);
  return asked;
}

const std::vector<token_id> wished{40, 41, 42, 43, 44, 45, 46};

} // namespace

BOOST_AUTO_TEST_SUITE(serving_parts)

BOOST_AUTO_TEST_CASE(a_page_is_free_when_its_last_owner_gives_it_back) {
  page_pool pool(1);
  const auto page = pool.take().value();
  pool.share(page);
  pool.release(page);
  BOOST_TEST(!pool.take().has_value());
  pool.release(page);
  BOOST_TEST(pool.take().has_value());
  pool.release(page);
  BOOST_CHECK_THROW(pool.release(page), std::logic_error);
}

BOOST_AUTO_TEST_CASE(the_page_longest_unused_is_given_up_first_and_never_before_what_follows_it) {
  page_pool pool(4);
  prefix_cache cache(pool);
  const auto keep = [&](prefix_cache::place behind, token_id token) {
    const auto page = pool.take().value();
    const auto kept = cache.keep(behind, page_of(token), page);
    pool.release(kept.page);
    return kept.at;
  };
  const auto start = cache.start({});
  const auto first = keep(start, 1);
  keep(first, 2);
  keep(start, 3);
  const auto longer = cache.find({}, page_of(1), 1); // used again, and held
  BOOST_TEST(cache.drop_oldest());                   // what follows it
  BOOST_TEST(cache.drop_oldest());                   // the other beginning
  BOOST_TEST(!cache.drop_oldest());
  pool.release(longer.pages.front());
  BOOST_TEST(cache.drop_oldest());
  BOOST_TEST(pool.left() == 4u);
  BOOST_TEST(cache.pages() == 0u);
}

BOOST_AUTO_TEST_CASE(two_pages_with_one_content_become_one) {
  page_pool pool(2);
  prefix_cache cache(pool);
  const auto a = cache.keep(cache.start({}), page_of(1), pool.take().value());
  const auto b = cache.keep(cache.start({}), page_of(1), pool.take().value());
  BOOST_TEST(a.page == b.page);
  BOOST_TEST(a.at == b.at);
  BOOST_TEST(pool.left() == 1u);
}

BOOST_AUTO_TEST_CASE(what_an_adapter_leaves_behind_can_be_forgotten) {
  page_pool pool(2);
  prefix_cache cache(pool);
  const auto kept = cache.keep(cache.start({1, 1}), page_of(1), pool.take().value());
  pool.release(kept.page);
  cache.forget({1, 1});
  BOOST_TEST(pool.left() == 2u);
  BOOST_TEST(cache.keep(kept.at, page_of(2), pool.take().value()).at == 0u);
}

BOOST_AUTO_TEST_CASE(a_stop_string_is_never_shown_in_part) {
  stop_matcher stops({"STOP", "\n\n"});
  BOOST_TEST(stops.feed("go on S") == "go on ");
  BOOST_TEST(stops.feed("T") == "");
  BOOST_TEST(stops.feed("Y\n") == "STY");
  BOOST_TEST(stops.feed("ST") == "\n");
  BOOST_TEST(stops.feed("OP and more") == "");
  BOOST_TEST(stops.found() == "STOP");
  BOOST_TEST(stops.feed("later") == "");
  BOOST_TEST(stops.finish() == "");
}

BOOST_AUTO_TEST_CASE(what_was_held_back_is_shown_at_the_end) {
  stop_matcher stops({"aab"});
  BOOST_TEST(stops.feed("xaaa") == "xa");
  BOOST_TEST(stops.finish() == "aa");
}

BOOST_AUTO_TEST_CASE(penalties_apply_in_their_order) {
  token_counts counts;
  counts.in_prompt(0);
  counts.in_prompt(1);
  counts.made(1);
  counts.made(1);
  std::vector<float> logits{2, -2, 1};
  counts.apply({.repetition = 2, .frequency = 0.5, .presence = 0.25, .bias = {{2, 3.0f}, {9, 1.0f}}}, logits);
  BOOST_TEST(logits == (std::vector<float>{1, -5.25f, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_constrained_text_is_the_same_with_tokens_forced_and_without) {
  serving_rig rig;
  const auto& masked = rig.answer(constrained(wished, false));
  BOOST_TEST(masked.tokens == wished, boost::test_tools::per_element());
  BOOST_TEST((masked.end->why == text_finish::stop));
  const auto steps = rig.served.counters().steps;
  const auto& forced = rig.answer(constrained(wished, true));
  BOOST_TEST(forced.tokens == wished, boost::test_tools::per_element());
  BOOST_TEST(rig.served.counters().steps == steps + 1); // the whole run beside the prompt, in one step
  auto scored = constrained(wished, true);
  scored.scored = true;
  BOOST_TEST(rig.answer(std::move(scored)).scores.size() == wished.size());
}

BOOST_AUTO_TEST_CASE(a_text_ends_with_its_form_without_a_step_for_the_end) {
  serving_rig rig;
  auto asked = constrained(wished, false);
  asked.tokens_max = static_cast<std::uint32_t>(wished.size()); // and is not cut for it
  BOOST_TEST((rig.answer(std::move(asked)).end->why == text_finish::stop));
  BOOST_TEST(rig.served.counters().steps == wished.size());
  auto endless = constrained(wished, false);
  endless.ignore_end = true;
  BOOST_TEST((rig.answer(std::move(endless)).end->why == text_finish::stop));
}

BOOST_AUTO_TEST_CASE(tokens_that_end_a_turn_are_drawn_exactly_where_the_form_may_end) {
  constexpr token_id turn_end = 9;
  serving_rig rig;
  auto asked = constrained({}, false);
  asked.constraint = std::make_unique<open_end>();
  asked.end_tokens = {turn_end};
  asked.less.bias = {{turn_end, 1'000.0f}}; // wanted from the first token on
  const auto& made = rig.answer(std::move(asked));
  BOOST_TEST((made.end->why == text_finish::stop));
  BOOST_TEST(made.tokens.size() == 2u);
}

BOOST_AUTO_TEST_CASE(a_form_in_which_nothing_can_come_is_an_error) {
  class stuck final : public token_constraint {
  public:
    void allow(token_bits bits) override { std::ranges::fill(bits, 0); }
    bool accept(token_id) override { return false; }
    bool is_complete() const override { return false; }
    std::vector<token_id> forced() override { return {}; }
    std::unique_ptr<token_constraint> copy() const override { return std::make_unique<stuck>(); }
  };
  serving_rig rig;
  auto asked = constrained({}, false);
  asked.constraint = std::make_unique<stuck>();
  const auto& made = rig.answer(std::move(asked));
  BOOST_TEST((made.end->why == text_finish::failed));
  BOOST_TEST(made.end->problem == "the text cannot go on in the form that was asked for");
}

BOOST_AUTO_TEST_SUITE_END()
