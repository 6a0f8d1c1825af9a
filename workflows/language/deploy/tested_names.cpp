#include "workflows/language/deploy/tested_names.hpp"

namespace troupe::workflow {
namespace {

using expression::value_kind;

class name_finder {
public:
  explicit name_finder(const std::vector<file_draft*>& files) {
    for (const file_draft* file : files) {
      if (file->workflow)
        workflows_.emplace(file->workflow->made->name, file->workflow->made.get());
      if (file->agent)
        agents_.emplace(file->agent->made->name, file->agent->made.get());
    }
  }

  tested_names find(const plan& workflow) && {
    seen_.insert(&workflow);
    take_plan(workflow, true);
    return std::move(made_);
  }

private:
  /// Steps of an agent's action are its own business: only what they ask others counts.
  void take_plan(const plan& of, bool steps) {
    for (const auto& s : of.arena) {
      if (steps && !s->segment.empty() && (s->what != verb::sequence || !s->id.empty()))
        made_.steps.emplace(s->segment, s.get());
      if (const auto* call = std::get_if<call_body>(&s->body))
        take_call(call->agent, call->action);
      else if (const auto* decide = std::get_if<decide_body>(&s->body))
        take_decide(*decide);
      else if (const auto* sub = std::get_if<sub_workflow_body>(&s->body))
        take_workflow(sub->name);
      else if (const auto* receive = std::get_if<receive_body>(&s->body); receive && steps)
        take_signal(receive->signal);
    }
  }

  void take_call(const formula& agent, const std::string& action) {
    const auto* kind = agent.constant();
    if (!kind || !kind->is(value_kind::text)) {
      made_.open = true;
      return;
    }
    take_action(kind->as_text(), action);
  }

  void take_action(const std::string& kind, const std::string& action) {
    made_.actions.insert(kind + '.' + action);
    const auto agent = agents_.find(kind);
    if (agent == agents_.end())
      return;
    const auto* found = agent->second->find(action);
    if (found && found->predict)
      made_.actions.insert("model.predict");
    if (found && found->run && seen_.insert(found->run.get()).second)
      take_plan(*found->run, false);
  }

  void take_decide(const decide_body& of) {
    const auto* agents = of.agents.constant();
    if (!agents || !agents->is(value_kind::list)) {
      made_.open = true;
      return;
    }
    for (const auto& kind : agents->items())
      if (kind.is(value_kind::text))
        take_action(kind.as_text(), "decide");
  }

  void take_workflow(const std::string& name) {
    const auto found = workflows_.find(name);
    if (found != workflows_.end() && seen_.insert(found->second).second)
      take_plan(*found->second, true);
  }

  void take_signal(const formula& name) {
    const auto* text = name.constant();
    if (text && text->is(value_kind::text))
      made_.signals.insert(text->as_text());
    else
      made_.open = true;
  }

  std::map<std::string, const plan*> workflows_;
  std::map<std::string, const agent_plan*> agents_;
  std::set<const plan*> seen_;
  tested_names made_;
};

} // namespace

tested_names names_of(const plan& workflow, const std::vector<file_draft*>& files) {
  return name_finder(files).find(workflow);
}

} // namespace troupe::workflow
