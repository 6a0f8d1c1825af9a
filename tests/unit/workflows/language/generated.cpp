#include "config/schema/json_text.hpp"
#include "config/schema/schema.hpp"
#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/language/explain/editor_schema.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

// When it differs, the new one lies in the build folder.
void compare_with_file(const std::string& name, const std::string& now) {
  if (file_text(std::string(TROUPE_SOURCE_DIR) + "/" + name) == now)
    return;
  const auto fresh = std::filesystem::path(TROUPE_BINARY_DIR) / name;
  std::filesystem::create_directories(fresh.parent_path());
  std::ofstream(fresh) << now;
  BOOST_ERROR(name + " is not what the tables give; copy " + fresh.string());
}

std::string verdict(const std::string& yaml) {
  static const auto shape = config::schema::compile(editor_schema());
  BOOST_REQUIRE_MESSAGE(shape.has_value(), (shape ? "" : shape.error().message));
  config::diagnostics found;
  const auto parsed = config::parse_document(config::source("flow.yaml", yaml), found);
  BOOST_REQUIRE(parsed.has_value());
  const auto broken = shape->check(nlohmann::json::parse(*config::to_json(parsed->root())));
  return broken ? broken->sentence : "";
}

} // namespace

BOOST_AUTO_TEST_SUITE(generated_files)

BOOST_AUTO_TEST_CASE(the_editors_schema_is_committed) {
  compare_with_file("config/schema/workflow.schema.json", editor_schema());
}

BOOST_AUTO_TEST_CASE(the_reference_is_committed) {
  const std::string page = file_text(std::string(TROUPE_SOURCE_DIR) + "/docs/workflow-language.md");
  constexpr std::string_view mark = "<!-- generated -->\n";
  const auto at = page.find(mark);
  BOOST_REQUIRE(at != std::string::npos);
  compare_with_file("docs/workflow-language.md",
                    page.substr(0, at + mark.size()) + "\n" + language_reference());
}

BOOST_AUTO_TEST_CASE(the_editors_schema_takes_what_the_checks_take) {
  BOOST_TEST(verdict(file_text(data_folder() + "good/lead-to-meeting.yaml")) == "");
  BOOST_TEST(verdict(file_text(data_folder() + "good/agents/enricher.yaml")) == "");
  BOOST_TEST(verdict(file_text(data_folder() + "good/lead-to-meeting.test.yaml")) == "");
}

BOOST_AUTO_TEST_CASE(the_editors_schema_refuses_misspelt_keys_and_two_verbs) {
  BOOST_TEST(verdict("workflow: w\ntimeout: 1s\nsteps: [ { wait: 1s } ]\n") != "");
  BOOST_TEST(verdict("workflow: w\nsteps: [ { wait: 1s, set: { a: 1 } } ]\n") != "");
  BOOST_TEST(verdict("workflow: w\nsteps: [ { wiat: 1s } ]\n") != "");
  BOOST_TEST(verdict("workflow: w\nsteps: []\n") != "");
  BOOST_TEST(verdict("workflow: w\ndeadline: 30\nsteps: [ { wait: 1s } ]\n") != "");
}

BOOST_AUTO_TEST_SUITE_END()
