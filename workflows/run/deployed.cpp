#include "workflows/run/deployed.hpp"

#include "runtime/base/hash.hpp"
#include "runtime/base/object.hpp"
#include "runtime/base/text.hpp"
#include "workflows/language/language.hpp"
#include "workflows/run/wire.hpp"

#include <nlohmann/json.hpp>

namespace troupe::workflow {
namespace {

/// Definitions kept in memory though no file says them any more: those of long runs.
constexpr std::size_t read_max = 1'000;

template<class Pinned, class Made>
std::shared_ptr<Pinned> pinned(std::shared_ptr<const Made> made, const std::string& env) {
  auto kept = std::make_shared<Pinned>();
  kept->text = "{\"definition\":" + made->text + ",\"env\":" + env + "}";
  kept->key = made->hash + '-' + std::to_string(stable_hash(env));
  kept->made = std::move(made);
  return kept;
}

template<class Kept>
std::optional<Kept> known(const std::map<std::string, Kept>& among, const std::string& key) {
  const auto found = among.find(key);
  return found == among.end() ? std::nullopt : std::optional(found->second);
}

template<class Kept>
void remember(std::map<std::string, Kept>& among, const std::string& key, const Kept& kept) {
  if (among.size() >= read_max)
    among.clear();
  among[key] = kept;
}

/// The parts of a pinned text, through `parse`.
template<class Kept, class Parse>
result<Kept> read_pinned(const std::string& key, const std::string& text, Parse parse) {
  const auto from = read_json(text);
  if (!from.is_object() || !from.contains("definition"))
    return fail(fault::corrupt, "the definition " + key + " cannot be read");
  config::diagnostics found;
  auto made = parse(config::source(key, from.at("definition").dump()), found);
  if (!made)
    return fail(fault::refused, "this build cannot run the definition " + key + ": " +
                                    (found.items().empty() ? "" : found.items().front().message));
  auto env = from_text(from.value("env", json::object()).dump());
  return Kept{std::move(made), env ? std::move(*env) : value()};
}

} // namespace

deployed_catalog::deployed_catalog(value env)
    : env_(plain(std::move(env)))
    , now_(std::make_shared<const deployed>()) {}

void deployed_catalog::deploy(std::vector<std::shared_ptr<const plan>> workflows,
                              std::vector<std::shared_ptr<const agent_plan>> agents) {
  auto next = std::make_shared<deployed>();
  const auto env = to_text(env_);
  const std::lock_guard hold(guard_);
  for (auto& made : workflows) {
    auto kept = pinned<pinned_plan>(std::move(made), env);
    remember(read_, kept->key, {kept->made, env_});
    next->workflows[kept->made->name] = kept;
    for (std::size_t i = 0; i < kept->made->messages.size(); ++i) {
      const auto& trigger = kept->made->messages[i];
      next->listeners[{trigger.agent, trigger.type}].push_back({kept, i});
    }
  }
  for (auto& made : agents) {
    auto kept = pinned<pinned_agent>(std::move(made), env);
    remember(read_agents_, kept->key, {kept->made, env_});
    next->agents[kept->made->name] = kept;
  }
  now_.store(std::move(next));
}

std::shared_ptr<const pinned_plan> deployed_catalog::find_workflow(std::string_view name) const {
  const auto all = now_.load();
  const auto found = all->workflows.find(name);
  return found == all->workflows.end() ? nullptr : found->second;
}

std::shared_ptr<const pinned_agent> deployed_catalog::find_agent(std::string_view kind) const {
  const auto all = now_.load();
  const auto found = all->agents.find(kind);
  return found == all->agents.end() ? nullptr : found->second;
}

std::vector<message_listener> deployed_catalog::listeners(std::string_view agent,
                                                          std::string_view type) const {
  const auto all = now_.load();
  const auto found = all->listeners.find({std::string(agent), std::string(type)});
  return found == all->listeners.end() ? std::vector<message_listener>() : found->second;
}

std::vector<std::shared_ptr<const pinned_plan>> deployed_catalog::workflows() const {
  std::vector<std::shared_ptr<const pinned_plan>> all;
  for (const auto& [name, kept] : now_.load()->workflows)
    all.push_back(kept);
  return all;
}

std::vector<std::shared_ptr<const pinned_agent>> deployed_catalog::agents() const {
  std::vector<std::shared_ptr<const pinned_agent>> all;
  for (const auto& [name, kept] : now_.load()->agents)
    all.push_back(kept);
  return all;
}

result<kept_plan> deployed_catalog::read(const std::string& key, const std::string& text) const {
  {
    const std::lock_guard hold(guard_);
    if (auto kept = known(read_, key))
      return *kept;
  }
  auto kept = read_pinned<kept_plan>(key, text, parse_workflow);
  const std::lock_guard hold(guard_);
  if (kept)
    remember(read_, key, *kept);
  return kept;
}

result<kept_agent> deployed_catalog::read_agent(const std::string& key, const std::string& text) const {
  {
    const std::lock_guard hold(guard_);
    if (auto kept = known(read_agents_, key))
      return *kept;
  }
  auto kept = read_pinned<kept_agent>(key, text, parse_agent);
  const std::lock_guard hold(guard_);
  if (kept)
    remember(read_agents_, key, *kept);
  return kept;
}

} // namespace troupe::workflow
