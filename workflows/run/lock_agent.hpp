#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "runtime/agent/kind.hpp"
#include "workflows/run/state.hpp"

#include <deque>

namespace troupe::workflow {

/// Which run of one concurrency key may live, as an agent: kind `workflow.lock`, key NAME/KEY. Runs call
/// `acquire` and hear when it is their turn; a run that is over sends `release`.
class lock_agent final : public fold_agent {
public:
  explicit lock_agent(const agent_id& self)
      : self_(self) {}

  void apply(const fold_record& record) override;
  std::vector<fold_command> decide(const fold_record&) override { return std::exchange(commands_, {}); }
  bool keeps_anything() const override { return !holder_.run.empty(); }
  std::string snapshot() const override;
  std::string describe() const override;
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t schema, std::string_view snapshot) override;

private:
  struct claimant {
    std::string run;
    waiting_caller from;
    instant since{};
  };

  void acquire(claimant by, const std::string& on_conflict);
  void release(const std::string& run);
  void next();
  void answer(const claimant& to, const value& what);
  void refuse(const claimant& to, const std::string& how);

  agent_id self_;
  claimant holder_; // without a run: nobody
  std::deque<claimant> waiting_;
  std::vector<fold_command> commands_;
};

/// The kind `workflow.lock`.
kind_spec lock_kind();

} // namespace troupe::workflow
