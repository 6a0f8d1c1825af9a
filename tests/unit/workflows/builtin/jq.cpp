#include "tests/unit/workflows/builtin/values.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

namespace troupe::workflow {
namespace {

using nlohmann::json;

json jq(const std::string& program, const json& input = nullptr) {
  return said(computed("transform", "jq", json{{"program", program}, {"input", input}}.dump()));
}

bool tells(const json& answer, const std::string& words) {
  return answer.is_string() && answer.get<std::string>().find(words) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(transform_jq)

BOOST_AUTO_TEST_CASE(one_result_is_the_answer) {
  BOOST_TEST(jq(".items | map(.n) | add", {{"items", {{{"n", 1}}, {{"n", 2}}}}}) == 3);
}

BOOST_AUTO_TEST_CASE(several_results_are_a_list_and_none_is_null) {
  BOOST_TEST(jq(".[]", {1, "zwei", nullptr}) == (json{1, "zwei", nullptr}));
  BOOST_TEST(jq("empty") == json());
}

BOOST_AUTO_TEST_CASE(text_of_every_language_comes_through) { BOOST_TEST(jq(". + \"é\"", "日本") == "日本é"); }

BOOST_AUTO_TEST_CASE(a_program_may_have_functions_and_comments) {
  BOOST_TEST(jq("# doubles\ndef twice: . * 2;\ntwice # done", 21) == 42);
}

BOOST_AUTO_TEST_CASE(a_syntax_error_names_its_line_in_the_program) {
  BOOST_TEST(tells(jq(".a |\n.b ]"), "in line 2"));
  BOOST_TEST(tells(jq("foo(1)"), "foo/1 is not defined"));
}

BOOST_AUTO_TEST_CASE(an_error_of_the_program_is_told) {
  BOOST_TEST(tells(jq("error(\"too cheap\")"), "too cheap"));
  BOOST_TEST(tells(jq(".a", 7), "Cannot index number"));
}

const char* const outside[] = {"env",
                               "env.PATH",
                               "input",
                               "[inputs]",
                               "debug",
                               "stderr",
                               "halt",
                               "halt_error",
                               "halt_error(1)",
                               "input_filename",
                               "input_line_number",
                               "\"x\" | modulemeta",
                               "get_search_list",
                               "now",
                               "0 | localtime",
                               "0 | strflocaltime(\"%Y\")"};

BOOST_DATA_TEST_CASE(nothing_is_to_be_had_but_the_input, boost::unit_test::data::make(outside)) {
  BOOST_TEST(tells(jq(sample), "is not available here"), jq(sample).dump());
}

BOOST_AUTO_TEST_CASE(the_environment_is_empty) { BOOST_TEST(jq("$ENV") == json()); }

const char* const modules[] = {"import \"a\" as a; 1", "include \"a\"; 1", "import \"a\" as $a; 1",
                               "module {}; 1"};

BOOST_DATA_TEST_CASE(no_file_is_loaded, boost::unit_test::data::make(modules)) {
  BOOST_TEST(tells(jq(sample), "syntax error"), jq(sample).dump());
}

BOOST_AUTO_TEST_CASE(an_endless_program_is_stopped) {
  const auto ended = computed("transform", "jq", R"({"program": "def f: f; f", "input": null})");
  BOOST_TEST(ended.kind == "timeout");
}

BOOST_AUTO_TEST_CASE(a_program_that_eats_memory_ends_alone) {
  const auto answer = jq("reduce range(40) as $i (\"x\"; . + .)");
  BOOST_TEST(answer.is_string());
  // Under a sanitizer the allocator itself ends the program.
  BOOST_TEST((tells(answer, "memory") || tells(answer, "larger") || tells(answer, "second") ||
              tells(answer, "without a result")),
             answer.dump().substr(0, 200));
}

BOOST_AUTO_TEST_CASE(results_beyond_the_limit_are_refused) {
  BOOST_TEST(tells(jq("[range(200000)]"), "larger than"));
}

BOOST_AUTO_TEST_CASE(results_nested_beyond_reading_are_refused) {
  BOOST_TEST(tells(jq("reduce range(500) as $i (0; [.])"), "nested too deeply"));
}

BOOST_AUTO_TEST_CASE(a_program_is_needed_and_has_a_limit) {
  BOOST_TEST(tells(jq("  \n"), "empty"));
  BOOST_TEST(tells(jq(std::string(17 * 1024, ' ') + "."), "longer than"));
  BOOST_TEST(tells(said(computed("transform", "jq", R"({"program": 7})")), "takes {program, input}"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
} // namespace troupe::workflow
