#include "workflows/language/deploy/deployment.hpp"

#include "workflows/language/check/check_file.hpp"
#include "workflows/language/codes/codes.hpp"
#include "workflows/language/deploy/cycles.hpp"
#include "workflows/language/deploy/test_check.hpp"

#include <algorithm>

namespace troupe::workflow {
namespace {

using config::node;

struct reading {
  std::unique_ptr<file_draft> draft; // null: `found` says why
  config::diagnostics found;
};

const node name_of(const file_draft& file) {
  return *file.file.root().find(file.workflow ? "workflow" : file.agent ? "agent" : "test");
}

std::string key_of(const file_draft& file) {
  return file.workflow ? "workflow " + file.workflow->made->name : "agent " + file.agent->made->name;
}

// Two files of one name: the second is told about the first.
void refuse_doubles(const std::vector<reading>& all) {
  std::map<std::string, const file_draft*> first;
  for (const reading& r : all) {
    if (!r.draft || r.draft->tests || r.draft->to.rejected(name_of(*r.draft)))
      continue;
    const auto [known, fresh] = first.emplace(key_of(*r.draft), r.draft.get());
    if (!fresh)
      r.draft->to.error(name_of(*r.draft), codes::defined_twice, "there are two of this name",
                        "rename one of them", name_of(*known->second), "the other one is here");
  }
}

catalogue known_with(const std::vector<reading>& all, const catalogue& around) {
  catalogue known = around;
  for (const auto& [name, agent] : built_in().agents)
    known.agents.emplace(name, agent);
  for (const reading& r : all) {
    if (r.draft && r.draft->agent)
      known.add(*r.draft->agent->made);
    if (r.draft && r.draft->workflow)
      known.add(*r.draft->workflow->made);
  }
  return known;
}

} // namespace

deployment check_deployment(std::vector<config::source> files, const catalogue& around) {
  std::vector<reading> all;
  for (config::source& file : files) {
    reading& r = all.emplace_back();
    r.draft = read_file(std::move(file), r.found);
  }
  refuse_doubles(all);
  const catalogue known = known_with(all, around);
  std::vector<file_draft*> drafts;
  for (const reading& r : all)
    if (r.draft) {
      check_file(*r.draft, known);
      drafts.push_back(r.draft.get());
    }
  refuse_cycles(drafts);
  for (file_draft* draft : drafts)
    if (draft->tests)
      check_tests(*draft, drafts, known);
  deployment made;
  made.files = all.size();
  for (const reading& r : all) {
    const config::diagnostics& found = r.draft ? r.draft->found : r.found;
    made.found.add_all(found);
    if (!r.draft || found.errors() > 0)
      continue;
    if (r.draft->workflow)
      made.workflows.emplace(r.draft->workflow->made->name, r.draft->workflow->made);
    else if (r.draft->tests)
      made.tests.push_back(r.draft->tests);
    else
      made.agents.emplace(r.draft->agent->made->name, r.draft->agent->made);
  }
  return made;
}

} // namespace troupe::workflow
