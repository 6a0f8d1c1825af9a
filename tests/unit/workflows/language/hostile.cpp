#include "tests/unit/workflows/language/reading.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;

/// Files nobody means well: one clear error each, and soon.
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string told(std::string text) {
  const parsed read(std::move(text));
  return std::to_string(read.found.errors()) + ": " + first_line(read.findings);
}

std::string repeated(const std::string& part, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i)
    all += part;
  return all;
}

std::string numbered_steps(std::size_t count) {
  std::string text = "workflow: w\nsteps:\n";
  for (std::size_t i = 0; i < count; ++i)
    text += "  - { id: s" + std::to_string(i) + ", wait: 1s }\n";
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(hostile_files)

BOOST_AUTO_TEST_CASE(an_empty_file_is_no_workflow) {
  BOOST_TEST(told("") == "1: flow.yaml:1:1: error: a workflow or agent file is a map, found null [TW1018]");
  BOOST_TEST(told("# nothing\n").find("[TW1018]") != std::string::npos);
  BOOST_TEST(told("- a\n").find("found a list [TW1018]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(billion_laughs_are_one_error) {
  std::string text = "workflow: w\nvars:\n  a: &a [x, x, x, x, x, x, x, x, x]\n";
  for (char c = 'b'; c < 'k'; ++c)
    text += std::string("  ") + c + ": &" + c + " [" +
            repeated(std::string("*") + static_cast<char>(c - 1) + ", ", 8) + "*" + static_cast<char>(c - 1) +
            "]\n";
  const std::string found = told(text + "steps: [ { wait: 1s } ]\n");
  BOOST_TEST(found.starts_with("1: "));
  BOOST_TEST(found.find("[TC0110]") != std::string::npos, found);
}

BOOST_AUTO_TEST_CASE(steps_multiplied_by_aliases_are_limited) {
  std::string text = "workflow: w\nsteps:\n  - steps: &a [" + repeated("{wait: 1s}, ", 99) + "{wait: 1s}]\n";
  text += "  - steps: &b [" + repeated("{steps: *a}, ", 99) +
          "{steps: *a}]\n  - steps: [{steps: *b}, {steps: *b}]\n";
  const std::string found = told(text);
  BOOST_TEST(found.starts_with("1: "));
  BOOST_TEST(found.find("more than 10000 steps [TW1019]") != std::string::npos, found);
}

BOOST_AUTO_TEST_CASE(anchors_and_merge_keys_work) {
  const parsed read("workflow: w\nsteps:\n  - &first { agent: mail, action: send, with: { to: a@b.c } }\n"
                    "  - { <<: *first, id: second }\n");
  BOOST_TEST(read.findings == "");
  BOOST_TEST(std::get<call_body>(read.plan->find("second")->body).action == "send");
}

BOOST_AUTO_TEST_CASE(a_mistake_behind_an_alias_is_told_where_it_stands) {
  BOOST_TEST(told("workflow: w\nsteps:\n  - &bad { wiat: 1s }\n  - *bad\n") ==
             "1: flow.yaml:3:12: error: a step has no \"wiat\" [TW1001]");
}

BOOST_AUTO_TEST_CASE(byte_order_marks_and_line_ends_do_not_matter) {
  BOOST_TEST(told("\xEF\xBB\xBFworkflow: w\r\nsteps:\r\n  - wait: 1s\r\n") == "0: ");
  BOOST_TEST(told("\xEF\xBB\xBFworkflow: w\r\nsteps:\r\n  - wiat: 1s\r\n") ==
             "1: flow.yaml:3:5: error: a step has no \"wiat\" [TW1001]");
}

BOOST_AUTO_TEST_CASE(tabs_for_indentation_are_one_error) {
  BOOST_TEST(told("workflow: w\nsteps:\n\t- wait: 1s\n").find("a tab cannot indent [TC0101]") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(ten_megabytes_are_refused_at_once) {
  BOOST_TEST(told("workflow: w\nsteps:\n" + repeated("  - wait: 1s\n", 800'000)).find("[TC0108]") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_one_error) {
  BOOST_TEST(told("workflow: w\nvars: { a: " + repeated("[", 100'000) + "\n").find("[TC0109]") !=
             std::string::npos);
  const std::string steps =
      "workflow: w\nsteps: " + repeated("[{steps: ", 63) + "[{wait: 1s}]" + repeated("}]", 63) + "\n";
  BOOST_TEST(told(steps).find("[TC0109]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_deepest_file_allowed_is_read) {
  BOOST_TEST(told("workflow: w\nsteps: " + repeated("[{steps: ", 62) + "[{wait: 1s}]" + repeated("}]", 62) +
                  "\n") == "0: ");
}

BOOST_AUTO_TEST_CASE(duplicate_keys_are_one_error) {
  BOOST_TEST(told("workflow: w\nsteps:\n  - id: a\n    id: b\n    wait: 1s\n").find("[TC0102]") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_text_are_one_error) {
  BOOST_TEST(told("workflow: w\xFF\n").find("[TC0100]") != std::string::npos);
  BOOST_TEST(told(std::string("workflow: w\0\n", 13)).find("[TC0112]") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_yaml_takes_apart_gets_the_advice_to_quote_it) {
  for (const char* line :
       {"  - { set: { a: ${{ input.b }} } }", "  - set: { a: 1 }\n    if: ${{ input.a ? true : false }}",
        "  - set:\n      a: ${{ {\"b\": 1} }}", "  - return: ${{ input.a # the first\n      }}",
        "  - map: { over: [ ${{ input.a }} ], steps: [ { wait: 1s } ] }"}) {
    const parsed read("workflow: w\nsteps:\n" + std::string(line) + "\n");
    BOOST_TEST(read.found.errors() == 1U, line << "\n" << read.findings);
    BOOST_TEST(read.findings.find("quote the whole value") != std::string::npos, line << "\n"
                                                                                      << read.findings);
  }
}

BOOST_AUTO_TEST_CASE(an_expression_that_is_a_map_to_yaml_gets_the_advice_too) {
  const parsed read("workflow: w\nsteps:\n  - map:\n      over:\n        - ${{ input.a ? 1 : 2 }}\n      "
                    "steps: [ { wait: 1s } ]\n");
  BOOST_TEST(read.findings.find("[TW1015]") != std::string::npos, read.findings);
  BOOST_TEST(read.found.errors() == 1U);
}

BOOST_AUTO_TEST_CASE(a_hundred_mistakes_are_shown_and_the_rest_counted) {
  const parsed read("workflow: w\nsteps:\n" + repeated("  - { wiat: 1s }\n", 5'000));
  BOOST_TEST(read.found.errors() == 5'000U);
  BOOST_TEST(read.found.items().size() == limits::diagnostics_max);
}

BOOST_AUTO_TEST_CASE(ten_thousand_steps_that_read_each_other_are_checked) {
  std::string text = numbered_steps(9'000);
  text += "  - set:\n";
  for (std::size_t i = 0; i < 9'000; ++i)
    text += "      v" + std::to_string(i) + ": ${{ steps.s" + std::to_string(i) + " }}\n";
  BOOST_TEST(told(text + "output: ${{ vars.v1 }}\n") == "0: ");
}

BOOST_AUTO_TEST_CASE(ten_thousand_steps_that_read_nothing_are_told_soon) {
  std::string text = "workflow: w\nsteps:\n";
  for (std::size_t i = 0; i < 9'000; ++i)
    text +=
        "  - { id: s" + std::to_string(i) + ", if: \"${{ steps.t" + std::to_string(i) + " }}\", wait: 1s }\n";
  BOOST_TEST(told(text).starts_with("9000: "));
}

BOOST_AUTO_TEST_SUITE_END()
