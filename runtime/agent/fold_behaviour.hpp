#pragma once

#include "runtime/agent/behaviour.hpp"
#include "runtime/agent/fold_rows.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>

namespace troupe {

/// Agents that fold records. An input becomes a record; the record and the commands decided on it are one
/// turn. Activation applies the records since the last snapshot and decides nothing.
class fold_behaviour : public behaviour {
public:
  fold_behaviour(const kind_spec& kind, cell_services& services, agent_id self, std::uint64_t birth);

  result<verdict> load(const journal::loaded_agent& found, instant now) override;
  void rearm(const journal::loaded_agent& found, std::vector<cell_action>& actions,
             fifo<settled_effect>& settled) override;
  void take_up(const std::vector<journal::effect_row>& rows, std::vector<cell_action>& actions,
               fifo<settled_effect>& settled) override;
  bool takes_mail() const override { return agent_->takes_mail(); }
  verdict on_mail(const mail& m, turn& t, instant now) override;
  verdict on_told(const told& what, std::size_t item, turn& t, instant now) override;
  verdict on_reply(const envelope& e, turn& t, instant now) override;
  verdict on_cancel(const envelope& e, std::uint64_t mail_mark, turn& t, instant now) override;
  verdict on_signal(const mail& m, turn& t, instant now) override;
  verdict on_settled(const std::string& task, const std::string& command, const outcome& answer, turn& t,
                     instant now) override;
  bool has_due(instant now) const override { return next_due() <= now; }
  verdict on_due(turn& t, instant now) override;
  instant next_due() const override;
  instant wake_at() const override { return computing_.empty() ? next_due() : instant{}; }
  void end_poisoned(const std::string& subject, const mail* m, const std::string& problem, turn& t,
                    instant now) override;
  void abandon(const std::string& kind, const std::string& why, turn& t, instant now) override;
  void numbered(const turn::call_sent& call, std::uint64_t number) override;
  bool waiting() const override { return !waiting_.empty() || !computing_.empty(); }
  bool keeps_anything() const override { return agent_->keeps_anything(); }
  bool quiet() const override { return true; }
  void describe(agent_view& into, bool details) const override;

private:
  void pin(fold_record& record, turn& t);
  verdict take(fold_record record, const std::string& subject, turn& t, instant now);
  void carry_out(const fold_command& command, const fold_record& because, turn& t, instant now);
  void write_call(const fold_command& command, const fold_record& because, turn& t, instant now);
  void write_outside(const fold_command& command, turn& t, instant now);
  void wait_for(const fold_command& command, const std::string& call_key, turn& t, instant now);
  void clear(const std::string& id, const std::string& trace, turn& t, instant now);
  void settle(const std::string& id, turn& t);
  void tell_crashed(const std::string& command, const std::string& problem, turn& t, instant now);
  void snapshot_if_long(turn& t);
  envelope from_here(message_kind kind, const agent_id& to, std::string type, const std::string& trace,
                     instant now);
  std::string effect_id(const std::string& command) const;

  const kind_spec& kind_;
  cell_services& services_;
  agent_id self_;
  std::uint64_t birth_;
  std::unique_ptr<fold_agent> agent_;
  std::map<std::string, waiting_command> waiting_;
  std::map<std::string, std::string> calls_out_; // call key → command id
  std::set<std::string> computing_;              // compute commands without an answer
  std::set<std::string> pinned_;                 // keys of the texts that lie with the agent
  std::uint64_t records_ = 0;                    // number of the last one
  std::uint64_t since_snapshot_ = 0;
};

} // namespace troupe
