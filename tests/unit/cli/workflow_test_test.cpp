#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr auto flow =
    "workflow: w\nsteps:\n  - { id: send, agent: mail, action: send, with: { to: a@b.c } }\n";
constexpr auto passing = "test: w\ntests:\n  - name: it works\n    mocks: { send: { returns: { id: m1 } } }\n"
                         "    expect: { state: completed }\n";
constexpr auto failing = "test: w\ntests:\n  - name: it works\n    mocks: { send: { returns: { id: m1 } } }\n"
                         "    expect: { output: { id: m2 } }\n";

bool has(const std::ostringstream& stream, std::string_view part) {
  return stream.str().find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(workflow_tests, cli_fixture)

BOOST_AUTO_TEST_CASE(a_file_of_tests_is_run_with_the_workflow_beside_it) {
  write("w.yaml", flow);
  write("w.test.yaml", passing);
  BOOST_TEST(troupe({"workflow", "test", file("w.test.yaml")}) == 0);
  BOOST_TEST(has(out, "✓ it works"));
  BOOST_TEST(has(out, "1 test, 1 passed, 0 failed"));
}

BOOST_AUTO_TEST_CASE(a_test_that_fails_says_what_is_otherwise) {
  write("w.yaml", flow);
  write("w.test.yaml", failing);
  BOOST_TEST(troupe({"workflow", "test", file("w.test.yaml")}) == 6);
  BOOST_TEST(has(out, "      output.id\n        expected  \"m2\"\n        got       \"m1\"\n"));
  out.str("");
  BOOST_TEST(troupe({"workflow", "test", file("w.test.yaml"), "-o", "json"}) == 6);
  BOOST_TEST(document()["failed"] == 1);
  out.str("");
  BOOST_TEST(troupe({"workflow", "test", file("w.test.yaml"), "-o", "junit"}) == 6);
  BOOST_TEST(out.str().starts_with("<?xml"));
}

BOOST_AUTO_TEST_CASE(a_folder_is_looked_through_with_all_that_is_in_it) {
  std::filesystem::create_directories(folder / "a/tests");
  write("a/w.yaml", flow);
  write("a/tests/w.yaml", passing);
  BOOST_TEST(troupe({"workflow", "test", "--coverage", folder.string()}) == 0);
  BOOST_TEST(has(out, "0 of 0 branches taken"));
}

BOOST_AUTO_TEST_CASE(a_wrong_file_is_told_and_nothing_runs) {
  write("w.yaml", flow);
  write("w.test.yaml", "test: w\ntests:\n  - { name: it works, expects: { state: completed } }\n");
  BOOST_TEST(troupe({"workflow", "test", file("w.test.yaml")}) == 6);
  BOOST_TEST(has(err, "w.test.yaml:3:23: error: there is no \"expects\" here [TW1001]"));
  BOOST_TEST(has(out, "0 tests"));
}

BOOST_AUTO_TEST_CASE(validate_looks_at_tests_too_and_deployments_leave_them_alone) {
  write("w.yaml", flow);
  write("w.test.yaml", passing);
  BOOST_TEST(troupe({"validate", folder.string()}) == 0);
  BOOST_TEST(has(out, "0 errors, 0 warnings in 2 files"));
}

BOOST_AUTO_TEST_CASE(nothing_to_test_is_not_found) {
  write("w.yaml", flow);
  BOOST_TEST(troupe({"workflow", "test", folder.string()}) == 4);
  BOOST_TEST(troupe({"workflow", "test", file("none.yaml")}) == 4);
  write("w.test.yaml", passing);
  BOOST_TEST(troupe({"workflow", "test", folder.string(), "--only", "no such test"}) == 4);
  BOOST_TEST(troupe({"workflow", "test"}) == 2);
}

BOOST_AUTO_TEST_CASE(a_dry_run_shows_what_would_be_asked) {
  write("w.yaml",
        "workflow: w\nsteps:\n  - { agent: mail, action: send, with: { to: \"${{ input.to }}\" } }\n");
  BOOST_TEST(troupe({"workflow", "dry-run", file("w.yaml"), "--input", "to=a@b.c"}) == 0);
  BOOST_TEST(has(out, "send: ask mail.send\n    to: \"a@b.c\"\n"));
  out.str("");
  BOOST_TEST(troupe({"workflow", "dry-run", file("w.yaml"), "--input", "to=a@b.c", "-o", "json"}) == 0);
  BOOST_TEST(document()["steps"][0]["with"]["to"] == "a@b.c");
}

BOOST_AUTO_TEST_CASE(a_graph_is_drawn_in_each_format) {
  write("w.yaml", flow);
  BOOST_TEST(troupe({"workflow", "graph", file("w.yaml")}) == 0);
  BOOST_TEST(out.str().starts_with("<svg "));
  for (const auto& [format, begin] :
       {std::pair("mermaid", "flowchart TD"), std::pair("dot", "digraph \"w\""), std::pair("json", "{")}) {
    out.str("");
    BOOST_TEST(troupe({"workflow", "graph", file("w.yaml"), "--format", format}) == 0);
    BOOST_TEST(out.str().starts_with(begin));
  }
  BOOST_TEST(troupe({"workflow", "graph", file("w.yaml"), "--out", file("w.svg")}) == 0);
  BOOST_TEST(std::filesystem::exists(folder / "w.svg"));
}

BOOST_AUTO_TEST_SUITE_END()
