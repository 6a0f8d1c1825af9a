#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "workflows/run/catalog.hpp"
#include "workflows/run/engine.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace troupe::workflow {

/// An agent without C++: kind and actions come from a file. Exclusive: one action at a time, the rest waits
/// in the senders' outboxes. An action is a small run of its own; one that is begun keeps the file it began
/// with.
class file_agent final : public fold_agent {
public:
  file_agent(const agent_id& self, const catalog& known);
  ~file_agent() override;

  bool takes_mail() const override { return !task_; }
  bool keeps_anything() const override { return task_ != nullptr; }
  std::optional<fold_pin> pin(const fold_record& record) override;
  result<void> know(const fold_pin& pin) override;
  void apply(const fold_record& record) override;
  std::vector<fold_command> decide(const fold_record& record) override;
  outcome compute(const std::string& command) override;
  std::vector<std::string> computing() const override;
  std::string snapshot() const override;
  std::string describe() const override;
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t schema, std::string_view snapshot) override;

private:
  void take_mail(const fold_record& record);
  void begin(const fold_record& record, const action& what, const kept_agent& file);
  void refuse(const envelope& from, const failure& why);
  void judge_table(const fold_record& record, const action& what, const kept_agent& file);

  agent_id self_;
  const catalog& catalog_;
  std::map<std::string, kept_agent> known_; // by key of the pin
  std::unique_ptr<run_record> task_;        // the action that is open
  std::string action_;                      // its name
  std::string pin_;                         // what it is read with
  std::uint64_t tasks_ = 0;
  instant now_{};
  std::vector<fold_command> commands_;
};

} // namespace troupe::workflow
