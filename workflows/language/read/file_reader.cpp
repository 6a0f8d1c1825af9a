#include "workflows/language/read/file_reader.hpp"

#include "config/diagnostic/suggestion.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/grammar/files.hpp"
#include "workflows/language/grammar/steps.hpp"
#include "workflows/language/grammar/tests.hpp"
#include "workflows/language/read/agent_reader.hpp"
#include "workflows/language/read/test_reader.hpp"
#include "workflows/language/read/workflow_reader.hpp"
#include "workflows/language/shape/shape_check.hpp"

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;

// What people put at the top although it belongs to steps.
std::string_view hint_at_top(std::string_view key) {
  if (key == "timeout")
    return "\"deadline\" limits the whole run; \"timeout\" belongs to steps, or to \"defaults\"";
  if (key == "retry")
    return "it belongs to steps, or to \"defaults\"";
  if (key == "name" || key == "id")
    return "the name stands behind \"workflow:\"";
  return {};
}

void check_top(const node& root, reporter& to) {
  for (const config::entry& e : root.entries()) {
    const std::string_view key = e.key.text();
    const bool known = grammar::find_key(grammar::workflow_file.keys, key) != nullptr;
    const bool of_steps = grammar::find_attribute(key) != nullptr || grammar::find_verb(key) != nullptr;
    if (known || !of_steps)
      continue;
    const std::string_view hint = hint_at_top(key);
    to.error(e.key, codes::misplaced_key,
             "\"" + std::string(key) + "\" does not belong to a workflow as a whole",
             std::string(hint.empty() ? "it belongs to a step" : hint));
  }
}

std::unique_ptr<file_draft> refuse(const config::document& file, config::diagnostics& found) {
  const node root = file.root();
  reporter to(found);
  if (!root.is(node_kind::map)) {
    to.error(root, codes::no_language_file,
             "a workflow or agent file is a map, found " + std::string(config::with_article(root.kind())),
             "it begins with workflow: NAME or agent: NAME");
    return nullptr;
  }
  const node at = root.size() > 0 ? root.entry_at(0).key : root;
  for (const config::entry& e : root.entries())
    if (const auto meant = config::nearest(e.key.text(), {"workflow", "agent", "test"})) {
      to.error(e.key, codes::unknown_key, "there is no \"" + std::string(e.key.text()) + "\" here",
               "did you mean " + std::string(*meant) + "?");
      return nullptr;
    }
  to.error(at, codes::no_language_file, "this is neither a workflow nor an agent",
           "it begins with workflow: NAME or agent: NAME");
  return nullptr;
}

} // namespace

std::unique_ptr<file_draft> read_file(config::source in, config::diagnostics& found) {
  auto parsed = config::parse_document(std::move(in), found);
  if (!parsed)
    return nullptr;
  const node root = parsed->root();
  const bool is_workflow = root.is(node_kind::map) && root.find("workflow");
  const bool is_agent = root.is(node_kind::map) && !is_workflow && root.find("agent");
  const bool is_test = root.is(node_kind::map) && !is_workflow && !is_agent && root.find("test");
  if (!is_workflow && !is_agent && !is_test)
    return refuse(*parsed, found);
  auto made = std::make_unique<file_draft>(std::move(*parsed));
  if (is_workflow) {
    check_top(root, made->to);
    check_shape(root, grammar::workflow_file, root.find_entry("workflow")->key, made->to);
    made->workflow = read_workflow(root, made->to);
  } else if (is_test) {
    check_shape(root, grammar::test_file, root.find_entry("test")->key, made->to);
    made->tests = read_tests(root, made->to);
  } else {
    check_shape(root, grammar::agent_file, root.find_entry("agent")->key, made->to);
    made->agent = read_agent(root, made->to);
  }
  return made;
}

} // namespace troupe::workflow
