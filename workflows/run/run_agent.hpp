#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "workflows/run/catalog.hpp"
#include "workflows/run/engine.hpp"

#include <map>

namespace troupe::workflow {

/// One run of a workflow, as an agent: kind `workflow`, key = the run's id.
class run_agent final : public fold_agent {
public:
  run_agent(const agent_id& self, const catalog& known);

  std::optional<fold_pin> pin(const fold_record& record) override;
  result<void> know(const fold_pin& pin) override;
  void apply(const fold_record& record) override;
  std::vector<fold_command> decide(const fold_record& record) override;
  outcome compute(const std::string& command) override;
  std::vector<std::string> computing() const override;
  bool keeps_anything() const override { return run_.state != run_state::none && !is_over(run_.state); }
  std::vector<journal::listing> listings() override;
  std::string snapshot() const override;
  std::string describe() const override;
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t schema, std::string_view snapshot) override;

  const run_record& run() const noexcept { return run_; }

private:
  void take_mail(const fold_record& record, engine& on);
  void start(const fold_record& record, const value& body, engine& on);
  void begin_body(const value& body, engine& on);
  void open_body(engine& on);
  result<value> steer(const std::string& verb, const value& body, const fold_record& record, engine& on);
  result<value> take_signal(const value& body, const envelope& from, engine& on);
  result<value> take_vote(const value& body, const envelope& from, engine& on);
  void reject(std::string why, engine& on);
  void answer(const envelope& to, const result<value>& what);
  void evaluate_search();

  const catalog& catalog_;
  agent_id self_;
  known_plans known_;
  run_record run_;
  std::vector<fold_command> commands_;
  std::map<std::string, journal::listing> listed_; // as last told, by item
  bool attributes_changed_ = false;
};

} // namespace troupe::workflow
