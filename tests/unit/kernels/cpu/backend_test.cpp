#include "kernels/cpu/int8_backend.hpp"

#include "kernels/convert/convert.hpp"
#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <cmath>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

const std::vector<token_id> first{5, 17, 300, 42, 8, 8, 9, 250, 31, 77, 2, 3, 4};
const std::vector<token_id> second{319, 2, 64};

struct quantised : scratch {
  quantised()
      : scratch("run_backend") {
    BOOST_REQUIRE(
        write_gguf_model(*golden_model("llama-gqa"), nullptr, {dtype::q8_0}, in("m.gguf")).has_value());
    model = std::make_shared<const model_weights>(load_model(in("m.gguf")).value());
    with = golden_adapter("llama-gqa", model->shape);
  }

  std::shared_ptr<const linear_backend>
  backend(std::size_t threads, instruction_set set = available_instruction_sets().back()) const {
    return std::make_shared<const int8_backend>(*model, threads, set);
  }

  std::vector<float> logits(const std::shared_ptr<const linear_backend>& by,
                            const std::vector<token_id>& tokens, std::shared_ptr<const adapter> own) const {
    const reference_engine engine(model, by);
    sequence text(model->shape, std::move(own));
    const step whole{&text, tokens, true};
    const auto made = engine.forward({&whole, 1}).value();
    return {made.front().values().begin(), made.front().values().end()};
  }

  std::shared_ptr<const model_weights> model;
  std::shared_ptr<const adapter> with;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(int8_models, quantised)

BOOST_AUTO_TEST_CASE(bytes_change_logits_little) {
  const auto wanted = logits_of(model, first, with);
  const auto ours = logits(backend(1), first, with);
  float worst = 0, largest = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    worst = std::max(worst, std::fabs(ours[i] - wanted[i]));
    largest = std::max(largest, std::fabs(wanted[i]));
  }
  BOOST_TEST(worst / largest < 5e-2f);
  BOOST_TEST(worst > 0.0f); // else nothing was packed
}

BOOST_AUTO_TEST_CASE(threads_and_instruction_sets_change_no_bit) {
  const auto wanted = logits(backend(1, instruction_set::portable), first, with);
  for (const auto set : available_instruction_sets())
    for (const std::size_t threads : {1, 2, 3})
      BOOST_TEST((logits(backend(threads, set), first, with) == wanted),
                 name_of(set) << ", " << threads << " threads");
}

BOOST_AUTO_TEST_CASE(batches_change_no_bit) {
  const reference_engine engine(model, backend(2));
  sequence a(model->shape), b(model->shape, with);
  const step batch[] = {{&a, second, true}, {&b, first, true}};
  const auto made = engine.forward(batch).value();
  BOOST_TEST(std::ranges::equal(made[0].values(), logits(backend(2), second, nullptr)));
  BOOST_TEST(std::ranges::equal(made[1].values(), logits(backend(2), first, with)));
}

BOOST_AUTO_TEST_CASE(what_is_packed_is_counted) {
  const int8_backend packed(*model, 1, instruction_set::portable);
  BOOST_TEST(packed.packed_bytes() > 100'000u);
  const auto plain = golden_model("llama-gqa");
  BOOST_TEST(int8_backend(*plain, 1, instruction_set::portable).packed_bytes() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
