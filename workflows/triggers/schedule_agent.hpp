#pragma once

#include "config/time_zone/zone.hpp"
#include "runtime/agent/fold_agent.hpp"
#include "runtime/agent/kind.hpp"
#include "workflows/run/catalog.hpp"
#include "workflows/triggers/clockwork.hpp"
#include "workflows/triggers/schedule_state.hpp"

#include <memory>

namespace troupe::workflow {

/// One schedule of one workflow, as an agent: kind `workflow.schedule`, key WORKFLOW/NAME. An instant is
/// claimed by the commit of the record that settles it, under the agent's epoch: nobody else can, and a
/// process that dies before it leaves the instant unclaimed. The run's id follows from schedule and instant,
/// so that even a claim made twice (the clock was put back) starts one run.
class schedule_agent final : public fold_agent {
public:
  schedule_agent(const agent_id& self, const catalog& known, const time_zone::zone_source& zones);

  std::optional<fold_pin> pin(const fold_record& record) override;
  result<void> know(const fold_pin& pin) override;
  void apply(const fold_record& record) override;
  std::vector<fold_command> decide(const fold_record&) override { return std::exchange(commands_, {}); }
  outcome compute(const std::string& command) override;
  std::vector<std::string> computing() const override;
  bool keeps_anything() const override { return record_.deployed; }
  std::vector<journal::listing> listings() override;
  std::string snapshot() const override { return encode(record_); }
  std::string describe() const override { return view_of(record_, rule()); }
  std::uint32_t schema() const override { return 1; }
  result<void> restore(std::uint32_t schema, std::string_view snapshot) override;

  const schedule_record& record() const noexcept { return record_; }
  /// The run of an instant.
  static std::string run_id(const std::string& schedule, instant nominal);

private:
  const schedule_trigger* rule() const;
  start_delay delay() const;
  void take_mail(const fold_record& record);
  result<value> steer(const fold_record& record, const value& body);
  result<value> fill(const envelope& from, const value& body);
  void adopt(const fold_record& record);
  void remove();
  void pause();
  void resume();
  result<value> trigger(const envelope& from);
  void look();
  void settle(const outcome& answer);
  void filled(const outcome& answer);
  void arrive(const claim& what);
  void wait_in_line(const claim& what);
  void cancel_open();
  void go_on();
  bool too_late(const claim& what) const;
  void start(const claim& what);
  void skip(const claim& what, const std::string& why);
  void over(const std::string& run);
  void set_timer(instant due);
  void note(std::string type, const value& detail);

  const catalog& catalog_;
  const time_zone::zone_source& zones_;
  known_plans known_;
  schedule_record record_;
  std::vector<fold_command> commands_;
  journal::listing listed_;
};

/// The kind `workflow.schedule`.
kind_spec schedule_kind(std::shared_ptr<const catalog> known,
                        std::shared_ptr<const time_zone::zone_source> zones);

} // namespace troupe::workflow
