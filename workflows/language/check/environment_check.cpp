#include "workflows/language/check/environment_check.hpp"

#include "workflows/language/check/hints.hpp"
#include "workflows/language/codes/codes.hpp"

namespace troupe::workflow {
namespace {

using config::node;
using config::node_kind;
using names = std::set<std::string, std::less<>>;

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

void check_text(const written& w, const catalogue& known, reporter& to) {
  for (const expression::reference& r : w.text->references()) {
    const auto& allowed = r.root == "env"       ? known.environment
                          : r.root == "secrets" ? known.secrets
                                                : std::nullopt;
    if (!allowed || r.path.empty() || allowed->contains(r.path.front()))
      continue;
    to.error(w.at.in(), place_of(w.at, r.at), codes::not_allowed_here,
             "this deployment has no " + r.root + "." + r.path.front(),
             hint_among(r.path.front(), {allowed->begin(), allowed->end()}));
  }
}

void check_written(const written& w, const catalogue& known, reporter& to) {
  if (w.text)
    check_text(w, known, to);
  for (const written& item : w.items)
    check_written(item, known, to);
  for (const auto& [name, item] : w.entries)
    check_written(item, known, to);
}

void check_sub_workflow(const draft& of, const step& s, const sub_workflow_body& body, const catalogue& known,
                        reporter& to) {
  if (!known.workflows_complete || body.name.empty() || known.workflows.contains(body.name))
    return;
  to.error(*of.sources.at(&s).at.find("workflow"), codes::unknown_workflow,
           "there is no workflow " + quoted(body.name), hint_among(body.name, keys_of(known.workflows)));
}

void check_voters(const draft& of, const step& s, const catalogue& known, reporter& to) {
  const auto agents = of.sources.at(&s).at.find("decide")->find("agents");
  if (!known.agents_complete || !agents || !agents->is(node_kind::list))
    return;
  for (const node& agent : agents->items())
    if (agent.is(node_kind::text) && agent.text().find("${{") == std::string_view::npos &&
        known.agent(agent.text()) == nullptr)
      to.error(agent, codes::unknown_agent, "there is no agent " + quoted(agent.text()),
               hint_among(agent.text(), keys_of(known.agents)));
}

} // namespace

void check_environment(const draft& of, const catalogue& known, reporter& to) {
  for (const auto& s : of.made->arena) {
    for (const auto& [when, u] : of.sources.at(s.get()).uses)
      check_written(u.value, known, to);
    if (const auto* body = std::get_if<sub_workflow_body>(&s->body))
      check_sub_workflow(of, *s, *body, known, to);
    if (s->what == verb::decide && of.sources.at(s.get()).at.find("decide")->is(node_kind::map))
      check_voters(of, *s, known, to);
  }
  for (const file_use& u : of.uses)
    check_written(u.value.value, known, to);
}

void check_model(const node& action, const predict_program& program, const catalogue& known, reporter& to) {
  if (!known.models || known.models->contains(program.model))
    return;
  const auto predict = action.find("predict");
  const auto model = predict->find("model");
  to.error(model ? *model : *predict, codes::unknown_model,
           "there is no model segment " + quoted(program.model),
           hint_among(program.model, {known.models->begin(), known.models->end()}));
}

} // namespace troupe::workflow
