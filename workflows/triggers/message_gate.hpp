#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "runtime/agent/kind.hpp"
#include "workflows/run/fields.hpp"

#include <deque>
#include <map>

namespace troupe::workflow {

using expression::value;

/// Remembers what a trigger has taken: kind `workflow.message`, key WORKFLOW/NUMBER/id/DEDUPE or
/// WORKFLOW/NUMBER/for/CORRELATE. The same thing twice starts one run; what is for a run that lives goes to
/// its `receive`, and starts a new one if that run is over before it could take it.
class message_gate final : public fold_agent {
public:
  explicit message_gate(const agent_id& self)
      : self_(self) {}

  void apply(const fold_record& record) override;
  std::vector<fold_command> decide(const fold_record&) override { return std::exchange(commands_, {}); }
  bool keeps_anything() const override { return !open_.empty(); }
  std::string snapshot() const override;
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t schema, std::string_view snapshot) override;

private:
  void take(const value& message, instant now);
  void start(const value& message, instant now);
  void hand_on(const value& message);
  void answered(const std::string& command, const outcome& answer, instant now);
  void note(std::string type, const value& message);

  agent_id self_;
  std::deque<std::string> seen_;        // by `dedupe`
  std::string open_;                    // the run that lives
  std::map<std::string, value> handed_; // to it, without an answer: by command
  std::uint64_t number_ = 0;
  std::vector<fold_command> commands_;
};

/// The kind `workflow.message`.
kind_spec message_kind_of_triggers();

} // namespace troupe::workflow
