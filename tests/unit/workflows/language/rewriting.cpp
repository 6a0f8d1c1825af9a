#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/language/rewrite/convert.hpp"
#include "workflows/language/rewrite/difference.hpp"
#include "workflows/language/rewrite/format.hpp"

#include <boost/test/unit_test.hpp>

using namespace troupe;
using namespace troupe::workflow;

namespace {

std::string formatted(const std::string& text) {
  config::diagnostics found;
  return format_file(config::source("flow.yaml", text), found).value_or(config::render_text(found, 1));
}

config::document parsed_text(const std::string& text) {
  config::diagnostics found;
  auto read = config::parse_document(config::source("flow.yaml", text), found);
  BOOST_REQUIRE_MESSAGE(read.has_value(), config::render_text(found, 1));
  return std::move(*read);
}

std::string differences(const std::string& before, const std::string& after) {
  config::diagnostics found;
  const auto a = read_file(config::source("a.yaml", before), found);
  const auto b = read_file(config::source("b.yaml", after), found);
  BOOST_REQUIRE((a && b));
  return render_text(compare(*a->workflow, *b->workflow));
}

} // namespace

BOOST_AUTO_TEST_SUITE(formatting)

BOOST_AUTO_TEST_CASE(levels_are_two_spaces_and_comments_move_along) {
  BOOST_TEST(
      formatted(
          "# top\nworkflow: w   \n\n\n\nsteps:\n# about a\n-    id: a   # why\n     # inside\n     wait: 1s\n"
          "- steps:\n      - wait: 2s\n") ==
      "# top\nworkflow: w\n\nsteps:\n  # about a\n  - id: a   # why\n    # inside\n    wait: 1s\n  - steps:\n"
      "      - wait: 2s\n");
}

BOOST_AUTO_TEST_CASE(text_of_several_lines_keeps_what_it_says) {
  const std::string text =
      "workflow: w\ndescription: |\n      first\n        second  \n\n\n      third\nsteps:\n"
      "    -   wait: 1s\n        name: >-\n           a\n           b\n        phase: 'c\n\n          d'\n";
  const std::string after = formatted(text);
  BOOST_TEST(after.find("  - wait: 1s\n    name: >-\n") != std::string::npos);
  BOOST_TEST(*config::to_json(parsed_text(text).root()) == *config::to_json(parsed_text(after).root()));
}

BOOST_AUTO_TEST_CASE(brackets_over_several_lines_move_with_their_key) {
  BOOST_TEST(
      formatted("workflow: w\nsteps:\n    - agent: a\n      action: b\n      with: {\n        x: 1,\n        "
                "y: 2\n        }\n") ==
      "workflow: w\nsteps:\n  - agent: a\n    action: b\n    with: {\n      x: 1,\n      y: 2\n      }\n");
}

BOOST_AUTO_TEST_CASE(a_formatted_file_stays_as_it_is) {
  const std::string once = formatted(file_text(data_folder() + "good/lead-to-meeting.yaml"));
  BOOST_TEST(formatted(once) == once);
  BOOST_TEST(parsed(once).findings == "");
}

BOOST_AUTO_TEST_CASE(line_ends_and_byte_order_marks_go) {
  BOOST_TEST(formatted("\xEF\xBB\xBFworkflow: w\r\nsteps:\r\n  - wait: 1s\r\n") ==
             "workflow: w\nsteps:\n  - wait: 1s\n");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_moved_safely_is_left_alone) {
  const std::string text = "workflow: w\nsteps:\n-  &first\n   wait: 1s\n-  *first\n";
  const std::string after = formatted(text);
  BOOST_TEST(*config::to_json(parsed_text(text).root()) == *config::to_json(parsed_text(after).root()));
}

BOOST_AUTO_TEST_CASE(a_broken_file_is_told_and_not_touched) {
  BOOST_TEST(formatted("workflow: [\n").find("[TC0101]") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(converting)

BOOST_AUTO_TEST_CASE(yaml_to_json_and_back_says_the_same) {
  const std::string text = file_text(data_folder() + "good/lead-to-meeting.yaml");
  const auto json = as_json(parsed_text(text).root());
  BOOST_REQUIRE(json.has_value());
  const std::string yaml = as_yaml(parsed_text(*json).root());
  BOOST_TEST(*config::to_json(parsed_text(text).root()) == *config::to_json(parsed_text(yaml).root()));
  BOOST_TEST(parsed(yaml).findings == "");
}

BOOST_AUTO_TEST_CASE(awkward_scalars_survive) {
  const std::string text =
      R"({"a":"yes","b":"1","c":"null","d":"a: b","e":"x #y","f":"- z","g":"","h":" s ","i":"l1\nl2\n",
"j":"tab\there","k":"é","l":1.0,"m":1e300,"n":true,"o":null,"p":[],"q":{},"r":[[1,[2]],{"x":[]}],"<<":"m","s":"a\n\nb",
"t":"---","u":"0x1F","v":"line\n  indented\n","w":"\n","y:z":1,"":2})";
  const std::string yaml = as_yaml(parsed_text(text).root());
  BOOST_TEST(*config::to_json(parsed_text(text).root()) == *config::to_json(parsed_text(yaml).root()), yaml);
}

BOOST_AUTO_TEST_CASE(scalars_alone_are_documents_too) {
  BOOST_TEST(as_yaml(parsed_text("[]").root()) == "[]\n");
  BOOST_TEST(as_yaml(parsed_text("\"x\"").root()) == "x\n");
}

BOOST_AUTO_TEST_CASE(what_json_cannot_say_is_an_error) {
  BOOST_TEST(as_json(parsed_text("a: .nan").root()).error().message == "JSON has no infinities and no NaN");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(differing)

BOOST_AUTO_TEST_CASE(white_space_comments_and_order_do_not_count) {
  BOOST_TEST(differences("workflow: w\nversion: 1\nsteps: [ { wait: 1s, id: a } ]\n",
                         "version: 1 # same\nworkflow: w\nsteps:\n  - id: a\n    wait: 1s\n") == "");
}

BOOST_AUTO_TEST_CASE(steps_are_compared_by_their_paths) {
  BOOST_TEST(
      differences(
          "workflow: w\nversion: 1\nsteps:\n  - { id: a, agent: x, action: y, with: { n: 1 } }\n  - { id: b, "
          "wait: 1s }\n"
          "  - { id: p, parallel: { branches: { l: [ { wait: 1s } ] } } }\n",
          "workflow: w\nversion: 2\nsteps:\n  - { id: a, agent: x, action: y, with: { n: 2 }, timeout: 1s }\n"
          "  - { id: p, parallel: { join: any, branches: { l: [ { wait: 1s }, { wait: 2s } ] } } }\n") ==
      "~ the file: version\n- b (wait)\n~ a (agent): timeout, with\n~ p (parallel): parallel\n+ p/l/wait~2 "
      "(wait)\n");
}

BOOST_AUTO_TEST_SUITE_END()
