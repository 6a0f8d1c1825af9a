#include "tests/unit/workflows/run/run_rig.hpp"

#include "workflows/run/view.hpp"
#include "workflows/run/wire.hpp"

#include <boost/test/unit_test.hpp>

namespace troupe::workflow {

void text_catalog::add(const std::string& text) {
  parsed p(text);
  BOOST_REQUIRE_MESSAGE(p.plan, p.findings);
  plans_[p.plan->name] = std::make_shared<pinned_plan>(pinned_plan{p.plan->hash, p.plan->text, p.plan});
}

void text_catalog::add_agent(const std::string& text) {
  config::diagnostics found;
  const auto made = parse_agent(config::source("agent.yaml", text), found);
  BOOST_REQUIRE_MESSAGE(made, config::render_text(found, 1));
  agents_[made->name] = std::make_shared<pinned_agent>(pinned_agent{made->hash, made->text, made});
}

std::shared_ptr<const pinned_agent> text_catalog::find_agent(std::string_view kind) const {
  const auto found = agents_.find(kind);
  return found == agents_.end() ? nullptr : found->second;
}

result<kept_agent> text_catalog::read_agent(const std::string& key, const std::string& text) const {
  config::diagnostics found;
  const auto made = parse_agent(config::source(key, text), found);
  if (!made)
    return fail(fault::corrupt, config::render_text(found, 1));
  return kept_agent{made, {}};
}

std::shared_ptr<const pinned_plan> text_catalog::find_workflow(std::string_view name) const {
  const auto found = plans_.find(name);
  return found == plans_.end() ? nullptr : found->second;
}

result<kept_plan> text_catalog::read(const std::string&, const std::string& text) const {
  parsed p(text);
  if (!p.plan)
    return fail(fault::corrupt, p.findings);
  return kept_plan{p.plan, {}};
}

std::vector<message_listener> text_catalog::listeners(std::string_view agent, std::string_view type) const {
  std::vector<message_listener> found;
  for (const auto& [name, pinned] : plans_)
    for (std::size_t i = 0; i < pinned->made->messages.size(); ++i)
      if (pinned->made->messages[i].agent == agent && pinned->made->messages[i].type == type)
        found.push_back({pinned, i});
  return found;
}

run_rig::run_rig(const std::string& workflow, world::options how)
    : around(known, how) {
  known.add(workflow);
  around.answer = [](const asked& a) { return outcome::success(a.body); };
  id = "";
}

const run_record& run_rig::run(const std::string& input) {
  id = around.start(known.find_workflow("w") ? "w" : "", input);
  around.run();
  return record();
}

std::string run_rig::output(const std::string& input) {
  const auto& r = run(input);
  if (r.state == run_state::completed)
    return to_text(r.output);
  auto why = reason_of(r);
  return std::string(to_string(visible_state(r))) + (why.empty() ? "" : " " + why.substr(0, why.find(';')));
}

std::string run_rig::path() const {
  std::string all;
  for (const auto& c : around.calls())
    if (!c.here)
      all += (all.empty() ? "" : " ") + c.path;
  return all;
}

} // namespace troupe::workflow
