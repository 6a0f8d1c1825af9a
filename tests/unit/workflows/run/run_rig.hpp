#pragma once

#include "tests/unit/workflows/language/reading.hpp"
#include "workflows/testing/world.hpp"

#include <map>
#include <string>

namespace troupe::workflow {

/// Plans by name, parsed from text.
class text_catalog final : public catalog {
public:
  void add(const std::string& text);
  void add_agent(const std::string& text);
  void forget(const std::string& name) { plans_.erase(plans_.find(name)); }
  std::shared_ptr<const pinned_plan> find_workflow(std::string_view name) const override;
  std::shared_ptr<const pinned_agent> find_agent(std::string_view kind) const override;
  result<kept_agent> read_agent(const std::string& key, const std::string& text) const override;
  std::string secret_reference(std::string_view name, std::string_view bound_to) const override {
    return "<" + std::string(name) + " for " + std::string(bound_to) + ">";
  }
  result<kept_plan> read(const std::string& key, const std::string& text) const override;
  std::vector<message_listener> listeners(std::string_view agent, std::string_view type) const override;

private:
  std::map<std::string, std::shared_ptr<const pinned_plan>, std::less<>> plans_;
  std::map<std::string, std::shared_ptr<const pinned_agent>, std::less<>> agents_;
};

/// One workflow, run to its end: `run_rig("workflow: w\nsteps: …").output("{}")`.
class run_rig {
public:
  explicit run_rig(const std::string& workflow, world::options how = {});

  text_catalog known;
  world around;

  /// Starts it and lets it go on as far as it can.
  const run_record& run(const std::string& input = "{}");
  const run_record& record() const { return around.record(id); }
  std::string state() const { return std::string(to_string(record().state)); }
  std::string output(const std::string& input = "{}"); // JSON text, or "STATE KIND: MESSAGE"
  /// Paths asked, in order.
  std::string path() const;

  std::string id;
};

} // namespace troupe::workflow
