// The figures of PyTorch, transformers and PEFT: tests/golden/engine.
#include "kernels/golden/golden.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace {

using namespace troupe::kernels;

const std::vector<std::string> cases{"llama-gqa",       "llama3-rope", "mistral-window", "mixtral",
                                     "mixtral-experts", "phi2",        "qwen2-tied"};

std::string in_golden(const std::string& name) {
  return std::string(TROUPE_SOURCE_DIR) + "/tests/golden/engine/" + name;
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_cases)

BOOST_DATA_TEST_CASE(logits_tokens_and_training_are_those_of_pytorch, boost::unit_test::data::make(cases)) {
  const auto report = check_golden_case(in_golden(sample));
  const auto problem = report ? std::string() : report.error().message;
  BOOST_REQUIRE_EQUAL(problem, "");
  BOOST_TEST(report->items.size() == 17u);
  for (const auto& item : report->items)
    BOOST_TEST(item.met(), sample << ": " << item.name << " is off by " << item.worst << ", " << item.allowed
                                  << " is allowed");
}

BOOST_DATA_TEST_CASE(they_are_met_at_serving_precision, boost::unit_test::data::make(cases)) {
  const auto report = check_golden_case(in_golden(sample), precision::serving).value();
  BOOST_TEST(report.items[1].name == "base.next");
  BOOST_TEST(report.items[0].allowed == 5e-2);
  BOOST_TEST(report.met());
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_no_case_says_what_is_missing) {
  const auto report = check_golden_case(in_golden("none"));
  BOOST_REQUIRE(!report.has_value());
  BOOST_TEST((report.error().what == fault::not_found));
}

BOOST_AUTO_TEST_SUITE_END()
