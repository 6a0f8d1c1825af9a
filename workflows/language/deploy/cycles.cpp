#include "workflows/language/deploy/cycles.hpp"

#include "workflows/language/codes/codes.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace troupe::workflow {
namespace {

// A detached one is not waited for.
std::vector<const step*> waits_of(const draft& of) {
  std::vector<const step*> all;
  for (const auto& s : of.made->arena)
    if (const auto* body = std::get_if<sub_workflow_body>(&s->body); body != nullptr && !body->detach)
      all.push_back(s.get());
  return all;
}

class cycle_finder {
public:
  explicit cycle_finder(const std::vector<file_draft*>& files) {
    for (file_draft* file : files)
      if (file->workflow)
        by_name_.emplace(file->workflow->made->name, file);
  }

  void run() {
    for (const auto& [name, file] : by_name_)
      if (!done_.contains(name))
        visit(name);
  }

private:
  // Depth first; a cycle closes where a step leads to a workflow that is being visited.
  void visit(const std::string& name) {
    path_.push_back(name);
    const file_draft& file = *by_name_.at(name);
    for (const step* s : waits_of(*file.workflow)) {
      const std::string& next = std::get<sub_workflow_body>(s->body).name;
      if (!by_name_.contains(next) || done_.contains(next))
        continue;
      if (std::find(path_.begin(), path_.end(), next) != path_.end())
        report(*by_name_.at(name), *s, next);
      else
        visit(next);
    }
    path_.pop_back();
    done_.insert(name);
  }

  void report(file_draft& file, const step& s, const std::string& next) {
    std::string way;
    for (auto at = std::find(path_.begin(), path_.end(), next); at != path_.end(); ++at)
      way += *at + " → ";
    file.to.error(*file.workflow->sources.at(&s).at.find("workflow"), codes::workflow_cycle,
                  "this workflow waits for itself: " + way + next, "detach: true starts it without waiting");
  }

  std::map<std::string, file_draft*> by_name_;
  std::set<std::string> done_;
  std::vector<std::string> path_;
};

} // namespace

void refuse_cycles(const std::vector<file_draft*>& files) { cycle_finder(files).run(); }

} // namespace troupe::workflow
