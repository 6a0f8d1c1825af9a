#include "tests/unit/cli/cli_fixture.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

constexpr auto right = "workflow: right\nsteps:\n  - { wait: 1s }\n";
constexpr auto wrong = "workflow: wrong\nsteps:\n  - { wiat: 1s }\n";

bool has(const std::ostringstream& stream, std::string_view part) {
  return stream.str().find(part) != std::string::npos;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(workflow_files, cli_fixture)

BOOST_AUTO_TEST_CASE(every_mistake_of_every_file_comes_at_once) {
  write("a.yaml", wrong);
  write("b.yaml", "workflow: b\ntimeout: 1s\nsteps: []\n");
  BOOST_TEST(troupe({"validate", file("a.yaml"), file("b.yaml")}) == 6);
  BOOST_TEST(has(out, "a.yaml:3:7: error: a step has no \"wiat\" [TW1001]"));
  BOOST_TEST(has(out, "[TW1011]"));
  BOOST_TEST(has(out, "[TW1006]"));
  BOOST_TEST(has(out, "3 errors, 0 warnings in 2 files"));
}

BOOST_AUTO_TEST_CASE(a_right_file_is_fine) {
  write("a.yaml", right);
  BOOST_TEST(troupe({"validate", file("a.yaml")}) == 0);
  BOOST_TEST(has(out, "0 errors, 0 warnings in 1 file"));
}

BOOST_AUTO_TEST_CASE(findings_are_for_programs_too) {
  write("a.yaml", wrong);
  BOOST_TEST(troupe({"validate", file("a.yaml"), "-o", "json"}) == 6);
  BOOST_TEST(document()["diagnostics"][0]["code"] == "TW1001");
  out.str("");
  BOOST_TEST(troupe({"validate", file("a.yaml"), "-o", "sarif"}) == 6);
  BOOST_TEST(document()["runs"][0]["results"][0]["ruleId"] == "TW1001");
  out.str("");
  BOOST_TEST(troupe({"validate", "-o", "github", file("a.yaml")}) == 6);
  BOOST_TEST(out.str().starts_with("::error file="));
}

BOOST_AUTO_TEST_CASE(agents_beside_the_file_are_known) {
  std::filesystem::create_directories(folder / "agents");
  write("agents/bank.yaml",
        "agent: shop.bank\nactions:\n  pay: { decision: { rules: [ { add: 1, reason: always } ] } }\n");
  write(
      "a.yaml",
      "workflow: a\nsteps:\n  - { agent: shop.bank, action: pya }\n  - { agent: shop.bnak, action: pay }\n");
  BOOST_TEST(troupe({"validate", file("a.yaml")}) == 6);
  BOOST_TEST(has(out, "[TW4002]"));
  BOOST_TEST(has(out, "[TW4001]"));
  BOOST_TEST(has(out, "in 2 files"));
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_named) {
  BOOST_TEST(troupe({"validate", file("none.yaml")}) == 4);
  BOOST_TEST(has(err, "none.yaml"));
}

BOOST_AUTO_TEST_CASE(codes_are_explained_whatever_their_letters) {
  BOOST_TEST(troupe({"explain", "tw2103"}) == 0);
  BOOST_TEST(has(out, "# TW2103: no such field"));
  out.str("");
  BOOST_TEST(troupe({"explain", "TC0101"}) == 0);
  BOOST_TEST(has(out, "YAML 1.2"));
  BOOST_TEST(troupe({"explain", "TW9999"}) == 4);
}

BOOST_AUTO_TEST_CASE(files_are_given_the_house_s_white_space_in_place) {
  write("a.yaml", "workflow: a\nsteps:\n- wait: 1s   \n");
  BOOST_TEST(troupe({"workflow", "fmt", "--check", file("a.yaml")}) == 6);
  BOOST_TEST(troupe({"workflow", "fmt", file("a.yaml")}) == 0);
  BOOST_TEST(troupe({"workflow", "fmt", "--check", file("a.yaml")}) == 0);
  in.str("workflow: a\nsteps:\n- wait: 1s\n");
  out.str("");
  BOOST_TEST(troupe({"workflow", "fmt", "-"}) == 0);
  BOOST_TEST(out.str() == "workflow: a\nsteps:\n  - wait: 1s\n");
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_not_formatted) {
  write("a.yaml", "workflow: [\n");
  BOOST_TEST(troupe({"workflow", "fmt", file("a.yaml")}) == 6);
  BOOST_TEST(has(err, "[TC0101]"));
}

BOOST_AUTO_TEST_CASE(yaml_becomes_json_and_json_yaml) {
  write("a.yaml", right);
  BOOST_TEST(troupe({"workflow", "convert", file("a.yaml")}) == 0);
  BOOST_TEST(document()["steps"][0]["wait"] == "1s");
  write("a.json", out.str());
  out.str("");
  BOOST_TEST(troupe({"workflow", "convert", file("a.json")}) == 0);
  BOOST_TEST(out.str() == "workflow: right\nsteps:\n  - wait: 1s\n");
}

BOOST_AUTO_TEST_CASE(the_editors_schema_is_printed) {
  BOOST_TEST(troupe({"workflow", "schema"}) == 0);
  BOOST_TEST(document().contains("$defs"));
}

BOOST_AUTO_TEST_CASE(two_versions_are_compared_by_steps) {
  write("a.yaml", right);
  write("b.yaml", "workflow: right\nsteps:\n  - { wait: 2s }\n  - { id: x, wait: 1s }\n");
  BOOST_TEST(troupe({"workflow", "diff", file("a.yaml"), file("b.yaml")}) == 0);
  BOOST_TEST(out.str() == "~ wait~1 (wait): wait\n+ x (wait)\n");
  out.str("");
  BOOST_TEST(troupe({"workflow", "diff", file("a.yaml"), file("b.yaml"), "-o", "json"}) == 0);
  BOOST_TEST(document()["items"][1]["path"] == "x");
}

BOOST_AUTO_TEST_SUITE_END()
