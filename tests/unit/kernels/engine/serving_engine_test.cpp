#include "kernels/engine/serving_engine.hpp"

#include "kernels/convert/convert.hpp"
#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <numeric>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

using numbers = std::vector<float>;
using ids = std::vector<token_id>;

ids text_of(std::size_t count, token_id step, std::uint32_t vocabulary) {
  ids tokens(count);
  for (std::size_t i = 0; i < count; ++i)
    tokens[i] = static_cast<token_id>((i * static_cast<std::size_t>(step) + 11) % vocabulary);
  return tokens;
}

std::vector<page_id> pages_from(page_id first, std::size_t count = 8) {
  std::vector<page_id> pages(count);
  std::iota(pages.begin(), pages.end(), first);
  return pages;
}

struct served {
  explicit served(std::shared_ptr<const model_weights> of, std::size_t threads = 1,
                  instruction_set set = available_instruction_sets().back())
      : model(std::move(of))
      , engine(serving_engine::create(model, {64, threads, set}).value()) {}

  /// Logits of all tokens, so many taken at a time.
  numbers logits(const ids& tokens, const adapter* with, std::size_t chunk, page_id first_page = 0) const {
    const auto pages = pages_from(first_page, (tokens.size() + 15) / 16);
    numbers all;
    for (std::size_t at = 0; at < tokens.size(); at += chunk) {
      const token_run run{.tokens = std::span(tokens).subspan(at, std::min(chunk, tokens.size() - at)),
                          .position = static_cast<std::uint32_t>(at),
                          .pages = pages,
                          .with = with,
                          .logits = wanted_logits::every};
      const auto made = engine->step({&run, 1}).value();
      all.insert(all.end(), made.logits.values().begin(), made.logits.values().end());
    }
    return all;
  }

  std::shared_ptr<const model_weights> model;
  std::unique_ptr<serving_engine> engine;
};

/// A golden model and its Q8_0 twin, and an adapter for both.
struct models : scratch {
  models()
      : scratch("serve")
      , plain(golden_model("llama-gqa"))
      , with(golden_adapter("llama-gqa", plain->shape))
      , tokens(text_of(70, 37, plain->shape.vocabulary)) {
    BOOST_REQUIRE(write_gguf_model(*plain, nullptr, {dtype::q8_0}, in("m.gguf")).has_value());
    quantised = std::make_shared<const model_weights>(load_model(in("m.gguf")).value());
  }

  std::shared_ptr<const model_weights> plain;
  std::shared_ptr<const adapter> with;
  ids tokens;
  std::shared_ptr<const model_weights> quantised;
};

double worst_share(std::span<const float> wanted, std::span<const float> ours) {
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    worst = std::max(worst, std::fabs(static_cast<double>(wanted[i]) - static_cast<double>(ours[i])));
    largest = std::max(largest, std::fabs(static_cast<double>(wanted[i])));
  }
  return worst / largest;
}

/// A third of the rank of another adapter: the first rows of each A.
adapter of_rank(const adapter& from, std::uint32_t rank) {
  auto made = from;
  for (auto& layer : made.layers)
    for (auto* pair : {&layer.query, &layer.key, &layer.value, &layer.output, &layer.ffn.gate, &layer.ffn.up,
                       &layer.ffn.down}) {
      if (pair->rank <= rank)
        continue;
      auto cut = *pair;
      cut.rank = rank;
      cut.down.resize(std::size_t{rank} * pair->columns);
      cut.up.clear();
      for (std::uint32_t row = 0; row < pair->rows; ++row)
        cut.up.insert(cut.up.end(), pair->up.begin() + row * pair->rank,
                      pair->up.begin() + row * pair->rank + rank);
      *pair = cut;
    }
  return made;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(serving_engines, models)

BOOST_AUTO_TEST_CASE(logits_are_near_the_reference) {
  BOOST_TEST(worst_share(logits_of(plain, tokens), served(plain).logits(tokens, nullptr, 70)) < 5e-3);
  BOOST_TEST(worst_share(logits_of(plain, tokens, with), served(plain).logits(tokens, with.get(), 70)) <
             5e-2);
  const auto bytes = worst_share(logits_of(quantised, tokens), served(quantised).logits(tokens, nullptr, 70));
  BOOST_TEST(bytes < 1e-1);
  BOOST_TEST(bytes > 0);
}

BOOST_AUTO_TEST_CASE(instruction_sets_and_threads_change_no_bit) {
  const auto wanted = served(quantised, 1, instruction_set::portable).logits(tokens, with.get(), 70);
  for (const auto set : available_instruction_sets())
    for (const std::size_t threads : {1, 2, 3})
      BOOST_TEST((served(quantised, threads, set).logits(tokens, with.get(), 70) == wanted),
                 name_of(set) << ", " << threads << " threads");
}

BOOST_AUTO_TEST_CASE(chunks_change_no_bit) {
  for (const auto& model : {plain, quantised}) {
    const served one(model);
    const auto wanted = one.logits(tokens, with.get(), 70);
    for (const std::size_t chunk : {1, 7, 16, 33})
      BOOST_TEST((one.logits(tokens, with.get(), chunk) == wanted), chunk);
  }
}

BOOST_AUTO_TEST_CASE(neighbours_and_their_adapters_change_no_bit) {
  const served one(quantised, 2);
  const auto small = of_rank(*with, 3);
  const auto other = text_of(23, 5, plain->shape.vocabulary);
  const std::vector<const adapter*> adapters{with.get(), nullptr, &small, with.get(), nullptr, &small};
  std::vector<ids> texts;
  std::vector<std::vector<page_id>> pages;
  std::vector<token_run> runs;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    texts.push_back(i % 2 == 0 ? tokens : other);
    pages.push_back(pages_from(static_cast<page_id>(i * 5), 5));
  }
  for (std::size_t i = 0; i < adapters.size(); ++i)
    runs.push_back(
        {.tokens = texts[i], .pages = pages[i], .with = adapters[i], .logits = wanted_logits::every});
  const auto made = one.engine->step(runs).value();
  std::size_t row = 0;
  for (std::size_t i = 0; i < adapters.size(); ++i) {
    const auto alone = one.logits(texts[i], adapters[i], texts[i].size(), 40);
    const auto own = made.logits.values().subspan(row * made.logits.columns(), alone.size());
    BOOST_TEST(std::ranges::equal(own, alone), "text " << i);
    row += texts[i].size();
  }
}

BOOST_AUTO_TEST_CASE(steps_longer_than_a_pass_change_no_bit) {
  auto longer = std::make_shared<model_weights>(*quantised);
  longer->shape.context = 1'024;
  const served one(longer, 2);
  const auto text = text_of(700, 37, plain->shape.vocabulary);
  BOOST_TEST((one.logits(text, with.get(), 700) == one.logits(text, with.get(), 97)));
  BOOST_TEST(worst_share(logits_of(longer, text, with), one.logits(text, with.get(), 700)) < 1.5e-1);
}

BOOST_AUTO_TEST_CASE(rank_zero_is_the_base_bit_for_bit) {
  const auto nothing = of_rank(*with, 0);
  const served one(quantised);
  BOOST_TEST((one.logits(tokens, &nothing, 70) == one.logits(tokens, nullptr, 70)));
}

BOOST_AUTO_TEST_CASE(pages_may_lie_anywhere) {
  const served one(quantised);
  const std::vector<page_id> pages{40, 3, 17, 63, 0};
  const token_run run{.tokens = tokens, .pages = pages, .logits = wanted_logits::every};
  const auto made = one.engine->step({&run, 1}).value();
  BOOST_TEST(std::ranges::equal(made.logits.values(), one.logits(tokens, nullptr, 70, 5)));
}

BOOST_AUTO_TEST_CASE(texts_share_the_pages_of_a_common_beginning) {
  const served one(quantised);
  const auto alone = one.logits(tokens, nullptr, 70);
  const std::vector<page_id> first{0, 1, 10, 11, 12}, second{0, 1, 20, 21, 22};
  const token_run runs[] = {{.tokens = std::span(tokens).subspan(32), .position = 32, .pages = first},
                            {.tokens = std::span(tokens).subspan(32), .position = 32, .pages = second}};
  const auto made = one.engine->step(runs).value();
  const auto last = std::span(alone).last(plain->shape.vocabulary);
  BOOST_TEST(std::ranges::equal(made.logits.row(0), last));
  BOOST_TEST(std::ranges::equal(made.logits.row(1), last));
}

BOOST_AUTO_TEST_CASE(logits_come_in_the_order_of_the_runs_as_wanted) {
  const served one(quantised);
  const auto a = pages_from(0), b = pages_from(8), c = pages_from(16);
  const auto run = [&](const auto& pages, const adapter* own, wanted_logits wanted) {
    return token_run{.tokens = tokens,
                     .pages = pages,
                     .with = own,
                     .logits = wanted,
                     .hidden = wanted == wanted_logits::none};
  };
  const token_run runs[] = {run(a, with.get(), wanted_logits::last), run(b, nullptr, wanted_logits::none),
                            run(c, nullptr, wanted_logits::every)};
  const auto made = one.engine->step(runs).value();
  const auto base = one.logits(tokens, nullptr, 70);
  BOOST_TEST(made.logits.rows() == 71u);
  BOOST_TEST(std::ranges::equal(made.logits.values().subspan(plain->shape.vocabulary), base));
  BOOST_TEST(made.hidden.rows() == 70u);
  BOOST_TEST(made.hidden.columns() == plain->shape.width);
}

BOOST_AUTO_TEST_CASE(hidden_rows_are_what_the_head_sees) {
  const served one(plain);
  const auto pages = pages_from(0);
  const token_run run{.tokens = tokens, .pages = pages, .hidden = true};
  const auto made = one.engine->step({&run, 1}).value();
  activations last(1, plain->shape.width);
  std::ranges::copy(made.hidden.row(69), last.row(0).begin());
  BOOST_TEST(worst_share(apply(plain->head, last).values(), made.logits.values()) < 1e-5);
}

BOOST_AUTO_TEST_CASE(an_adapter_is_packed_once_and_dropped_with_its_owner) {
  const served one(quantised);
  auto own = std::make_unique<adapter>(*with);
  const auto wanted = one.logits(tokens, own.get(), 1);
  BOOST_TEST(one.engine->adapters_packed() == 1u);
  own.reset();
  const auto base = one.logits(tokens, nullptr, 70);
  BOOST_TEST(one.engine->adapters_packed() == 0u);
  BOOST_TEST((wanted != base));
}

BOOST_AUTO_TEST_CASE(an_adapter_in_the_place_of_another_is_another) {
  const served one(quantised);
  adapter own = *with;
  const auto first = one.logits(tokens, &own, 70);
  own = of_rank(*with, 1);
  const auto second = one.logits(tokens, &own, 70);
  const auto other = of_rank(*with, 1);
  BOOST_TEST((first != second));
  BOOST_TEST((second == one.logits(tokens, &other, 70)));
}

BOOST_AUTO_TEST_CASE(what_no_step_can_take_is_refused_before_anything_is_written) {
  const served one(quantised);
  const auto before = one.logits(tokens, nullptr, 70);
  const auto pages = pages_from(0);
  const token_run good{.tokens = std::span(tokens).first(1), .position = 3, .pages = pages};
  const auto problem = [&](const token_run& bad) {
    const token_run both[] = {good, bad};
    return problem_of(one.engine->step(both));
  };
  const ids outside{1, static_cast<token_id>(plain->shape.vocabulary)}, negative{-1};
  const std::vector<page_id> few{0}, nowhere{0, 1, 2, 3, 64};
  const auto other = golden_adapter("phi2", golden_model("phi2")->shape);
  BOOST_TEST(within(problem({.tokens = {}, .pages = pages}), "without tokens"));
  BOOST_TEST(within(problem({.tokens = outside, .pages = pages}), "outside the vocabulary"));
  BOOST_TEST(within(problem({.tokens = negative, .pages = pages}), "outside the vocabulary"));
  BOOST_TEST(within(problem({.tokens = tokens, .pages = few}), "do not fit 1 pages"));
  BOOST_TEST(within(problem({.tokens = tokens, .pages = nowhere}), "page 64 is none of the 64"));
  BOOST_TEST(within(problem({.tokens = tokens, .position = 0xffffffff, .pages = pages}), "context"));
  BOOST_TEST(within(problem({.tokens = tokens, .pages = pages, .with = other.get()}), "another shape"));
  const token_run again{.tokens = std::span(tokens).last(1), .position = 69, .pages = pages};
  const auto after = one.engine->step({&again, 1}).value();
  BOOST_TEST(std::ranges::equal(after.logits.row(0), std::span(before).last(plain->shape.vocabulary)));
}

BOOST_AUTO_TEST_SUITE_END()
