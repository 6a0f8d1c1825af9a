#include "kernels/convert/convert.hpp"
#include "kernels/engine/text_batch.hpp"
#include "tests/unit/kernels/engine/double_reference.hpp"
#include "tests/unit/kernels/files/scratch.hpp"
#include "tests/unit/kernels/golden_models.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <cmath>

namespace {

using namespace troupe::kernels;
using namespace troupe::kernels::tests;

const std::vector<std::string> cases{"llama-gqa", "llama3-rope",     "mistral-window", "mixtral",
                                     "phi2",      "mixtral-experts", "qwen2-tied"};
const std::vector<dtype> kinds{dtype::f32, dtype::f16, dtype::bf16, dtype::q8_0, dtype::q4_0};

std::vector<token_id> some_tokens(std::uint32_t vocabulary) {
  std::vector<token_id> tokens(24);
  for (std::size_t i = 0; i < tokens.size(); ++i)
    tokens[i] = static_cast<token_id>((i * 37 + 11) % vocabulary);
  return tokens;
}

/// The largest difference as a share of the largest logit.
double worst_share(const std::vector<std::vector<double>>& wanted, const activations& ours) {
  double worst = 0, largest = 0;
  for (std::size_t row = 0; row < wanted.size(); ++row)
    for (std::size_t i = 0; i < wanted[row].size(); ++i) {
      worst = std::max(worst, std::fabs(wanted[row][i] - static_cast<double>(ours.row(row)[i])));
      largest = std::max(largest, std::fabs(wanted[row][i]));
    }
  return worst / largest;
}

struct bound {
  double f32;
  double base;
  double adapted;
};
/// Of what was measured, about twice: activations in bytes cost ten times what half precision keys and values
/// do.
bound bound_of(dtype kind) {
  return kind == dtype::q8_0 || kind == dtype::q4_0 ? bound{4e-6, 1.2e-1, 1.2e-1} : bound{4e-6, 2e-3, 2.5e-2};
}

} // namespace

BOOST_AUTO_TEST_SUITE(accuracy)

BOOST_DATA_TEST_CASE(logits_are_near_float64_in_every_family_and_format,
                     boost::unit_test::data::xrange(cases.size()) *
                         boost::unit_test::data::xrange(kinds.size()),
                     of_case, of_kind) {
  scratch files("near_float64");
  const auto golden = golden_model(cases[of_case]);
  BOOST_REQUIRE(write_gguf_model(*golden, nullptr, {kinds[of_kind]}, files.in("m.gguf")).has_value());
  const auto model = std::make_shared<const model_weights>(load_model(files.in("m.gguf")).value());
  const auto with = golden_adapter(cases[of_case], model->shape);
  const auto tokens = some_tokens(model->shape.vocabulary);
  const auto most = bound_of(kinds[of_kind]);
  for (const auto& own : {std::shared_ptr<const adapter>(), with}) {
    const auto wanted = double_logits(*model, tokens, own.get());
    const auto plain = worst_share(wanted, logits_of_text(precision::f32, model, tokens, own).value());
    const auto quick = worst_share(wanted, logits_of_text(precision::serving, model, tokens, own).value());
    BOOST_TEST_MESSAGE(cases[of_case] << " " << name_of(kinds[of_kind]) << (own ? " with adapter" : "")
                                      << ": f32 " << plain << ", serving " << quick);
    BOOST_TEST(plain <= most.f32);
    BOOST_TEST(quick <= (own ? most.adapted : most.base));
  }
}

BOOST_AUTO_TEST_SUITE_END()
