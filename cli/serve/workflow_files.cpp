#include "cli/serve/workflow_files.hpp"

#include "config/time_zone/system_zones.hpp"
#include "workflows/agents/file_kind.hpp"
#include "workflows/language/deploy/deployment.hpp"
#include "workflows/language/deploy/find_files.hpp"
#include "workflows/language/deploy/find_tests.hpp"
#include "workflows/run/lock_agent.hpp"
#include "workflows/run/run_kind.hpp"
#include "workflows/triggers/event_router.hpp"
#include "workflows/triggers/message_gate.hpp"
#include "workflows/triggers/schedule_agent.hpp"

namespace troupe::cli {
namespace {

workflow::catalogue known_here(const std::set<std::string>& kinds, bool agents_known) {
  workflow::catalogue known = workflow::built_in();
  for (const auto& name : kinds) {
    workflow::agent_signature agent;
    agent.open = true;
    known.agents.emplace(name, std::move(agent));
  }
  known.agents_complete = agents_known;
  known.workflows_complete = true;
  return known;
}

/// What expressions may read as `env`: the variables that the setting names.
expression::value allowed(const std::vector<std::string>& names,
                          const std::map<std::string, std::string>& environment) {
  std::vector<std::pair<std::string, expression::value>> found;
  for (const auto& name : names)
    if (const auto variable = environment.find(name); variable != environment.end())
      found.emplace_back(name, expression::value::text(variable->second));
  return expression::value::object(std::move(found));
}

std::map<std::string, std::string> hashes_of(const workflow::deployment& all) {
  std::map<std::string, std::string> found;
  for (const auto& [name, plan] : all.workflows)
    found["workflow " + name] = plan->hash;
  for (const auto& [name, agent] : all.agents)
    found["agent " + name] = agent->hash;
  return found;
}

deployment_change difference(const std::map<std::string, std::string>& from,
                             const std::map<std::string, std::string>& to) {
  deployment_change made;
  for (const auto& [name, hash] : to)
    if (const auto former = from.find(name); former == from.end())
      made.added.push_back(name);
    else if (former->second != hash)
      made.changed.push_back(name);
  for (const auto& [name, hash] : from)
    if (!to.contains(name))
      made.removed.push_back(name);
  return made;
}

} // namespace

workflow_files::workflow_files(config::node_settings::workflow_settings from,
                               std::shared_ptr<workflow::deployed_catalog> catalog, kind_registry kinds)
    : from_(std::move(from))
    , catalog_(std::move(catalog))
    , kinds_(std::move(kinds)) {
  for (const auto* kind : kinds_.all())
    in_program_.insert(kind->name);
}

result<std::unique_ptr<workflow_files>>
workflow_files::open(config::node_settings::workflow_settings from,
                     const std::map<std::string, std::string>& environment, kind_registry kinds) {
  auto catalog = std::make_shared<workflow::deployed_catalog>(allowed(from.env, environment));
  std::unique_ptr<workflow_files> made(
      new workflow_files(std::move(from), std::move(catalog), std::move(kinds)));
  if (auto registered = made->register_kinds(); !registered)
    return tl::unexpected(registered.error());
  if (made->from_.dir.empty())
    return made;
  if (auto deployed = made->deploy(); !deployed)
    return tl::unexpected(deployed.error());
  return made;
}

result<void> workflow_files::register_kinds() {
  const auto zones = std::make_shared<time_zone::system_zones>();
  for (auto spec :
       {workflow::run_kind(catalog_), workflow::lock_kind(), workflow::message_kind_of_triggers(),
        workflow::event_kind("workflow.events", catalog_), workflow::schedule_kind(catalog_, zones)}) {
    in_program_.insert(spec.name);
    if (auto added = kinds_.add(std::move(spec)); !added)
      return added;
  }
  return {};
}

result<deployment_change> workflow_files::reload() {
  const std::lock_guard hold(guard_);
  if (from_.dir.empty())
    return fail(fault::conflict, "this node has no folder of workflows", "troupe up --workflows DIR");
  return deploy();
}

/// A kind stays once it is there: one whose file is gone says so to whoever asks it.
result<void> workflow_files::add_kind(kind_spec spec) {
  return kinds_.find(spec.name) ? result<void>() : kinds_.add(std::move(spec));
}

result<deployment_change> workflow_files::deploy() {
  std::vector<std::string> folders;
  if (!from_.agents.empty())
    folders.push_back(from_.agents);
  std::vector<std::string> named = {from_.dir};
  named.insert(named.end(), from_.more.begin(), from_.more.end());
  auto files = workflow::find_files(named, folders, ".");
  if (!files)
    return tl::unexpected(files.error());
  std::erase_if(files->files, workflow::looks_like_tests); // they are nothing to run, right or wrong
  const auto checked =
      workflow::check_deployment(std::move(files->files), known_here(in_program_, files->agents_known));
  if (!checked.sound())
    return fail(fault::invalid,
                "the workflows cannot run:\n" + config::render_text(checked.found, checked.files),
                "troupe validate " + from_.dir);
  std::vector<std::shared_ptr<const workflow::plan>> plans;
  std::vector<std::shared_ptr<const workflow::agent_plan>> agents;
  for (const auto& [name, agent] : checked.agents) {
    if (auto added = add_kind(workflow::file_kind(*agent, catalog_)); !added)
      return tl::unexpected(added.error());
    agents.push_back(agent);
  }
  for (const auto& [name, plan] : checked.workflows) {
    for (const auto& trigger : plan->messages) // whoever has no file and no code only hands on what it hears
      if (auto added = add_kind(workflow::event_kind(trigger.agent, catalog_)); !added)
        return tl::unexpected(added.error());
    plans.push_back(plan);
  }
  catalog_->deploy(std::move(plans), std::move(agents));
  auto now = hashes_of(checked);
  auto change = difference(hashes_, now);
  hashes_ = std::move(now);
  return change;
}

} // namespace troupe::cli
