#pragma once

#include "runtime/agent/behaviour.hpp"
#include "runtime/agent/open_task.hpp"

#include <map>
#include <memory>
#include <string>

namespace troupe {

/// Agents whose handlers are coroutines: open tasks, their documents, timers, stored signals and answered
/// calls.
class coroutine_behaviour : public behaviour, private turn_port {
public:
  coroutine_behaviour(const kind_spec& kind, cell_services& services, agent_id self, std::uint64_t birth);

  result<verdict> load(const journal::loaded_agent& found, instant now) override;
  void rearm(const journal::loaded_agent& found, std::vector<cell_action>& actions,
             fifo<settled_effect>& settled) override;
  void take_up(const std::vector<journal::effect_row>& rows, std::vector<cell_action>& actions,
               fifo<settled_effect>& settled) override;
  bool takes_mail() const override;
  verdict on_mail(const mail& m, turn& t, instant now) override;
  verdict on_told(const told& what, std::size_t item, turn& t, instant now) override;
  verdict on_reply(const envelope& e, turn& t, instant now) override;
  verdict on_cancel(const envelope& e, std::uint64_t mail_mark, turn& t, instant now) override;
  verdict on_signal(const mail& m, turn& t, instant now) override;
  verdict on_settled(const std::string& task, const std::string& effect, const outcome& answer, turn& t,
                     instant now) override;
  bool has_due(instant now) const override { return next_due() <= now; }
  verdict on_due(turn& t, instant now) override;
  instant next_due() const override;
  instant wake_at() const override;
  void end_poisoned(const std::string& subject, const mail* m, const std::string& problem, turn& t,
                    instant now) override;
  void abandon(const std::string& kind, const std::string& why, turn& t, instant now) override;
  void numbered(const turn::call_sent& call, std::uint64_t number) override;
  bool waiting() const override { return !tasks_.empty(); }
  bool keeps_anything() const override { return !signals_.empty() || !other_rows_.empty(); }
  bool quiet() const override;
  void describe(agent_view& into, bool details) const override;

private:
  using task_map = std::map<std::string, open_task>;
  struct stored_signal {
    std::string name;
    std::string correlation;
    std::string bytes; // its envelope
    instant expires = never;
  };

  // turn_port
  std::string refuses(const agent_id& to) override;
  std::string refuses_call(const agent_id& to, instant deadline) override;
  std::string refuses_query(const agent_id& to) override;
  std::string refuses_timer(const std::string& name) override;

  // loading (coroutine_load.cpp)
  result<void> load_rows(const journal::loaded_agent& found);
  result<void> load_row(const journal::agent_row& row, std::map<std::string, std::string>& bases);
  result<void> load_document(const journal::agent_row& row);
  result<verdict> replay_task(const std::string& id, const journal::agent_row& row,
                              const journal::loaded_agent& found,
                              const std::map<std::string, std::string>& bases);

  static std::string message_subject(const stream_position& at);
  std::string crash_subject(const std::string& id, const open_task& task, const std::string& effect) const;
  std::string closes_a_circle(const agent_id& to) const;
  instant first_due(bool stored_only) const;
  bool waits_for_stored_signal(const task_run& run) const;

  // beginning, going on, ending (coroutine_behaviour.cpp)
  verdict begin(std::string id, envelope message, stream_position begun_by, turn& t, instant now);
  turn_result start_run(task_map::iterator at, instant now);
  verdict go_on(task_map::iterator at, turn_result came, const std::string& resolved_by, turn& t,
                instant now);
  bool answered_before(const envelope& e, turn& t, instant now);
  const stored_signal* signal_for(const ask& waiting) const;
  verdict take_signal(task_map::iterator at, const std::string& effect, turn& t, instant now);
  bool expire_signal(turn& t, instant now);
  verdict effect_due(task_map::iterator at, const ask& waiting, turn& t, instant now);
  void fire_timer(const std::string& name, turn& t, instant now);

  // plain handlers, and what is told (coroutine_told.cpp)
  task_run& plain_run();
  turn_result run_plain(plain_handler plain, const std::string& subject, instant now);
  verdict plain_turn(plain_handler plain, const std::string& subject, turn& t, instant now);
  void ask_agent(const std::string& id, const open_task& task, const ask& query, turn& t, instant now);
  void tell(std::vector<told>& tells, const envelope& because, turn& t, instant now);

  // what a turn's result becomes in the journal (coroutine_output.cpp)
  void write_record(const std::string& id, open_task& task, const turn_record& record, turn& t);
  void write_suspended(const std::string& id, open_task& task, const turn_record& record, turn& t);
  void write_documents(const std::string& id, open_task& task, bool stays_open, turn& t);
  bool stays_in_memory(const open_task& task, const turn& t) const;
  void write_sent(const envelope& because, turn_result& came, turn& t, instant now);
  void write_documents(turn& t);
  void write_outputs(const std::string& id, const open_task& task, turn_result& came, turn& t, instant now);
  void write_ask(const std::string& id, const open_task& task, const ask& asked, turn& t, instant now);
  void write_canceled(const std::string& id, const open_task& task, const std::vector<ask>& asks, turn& t,
                      instant now);

  // calls on their way out (coroutine_calls.cpp)
  struct calling {
    std::string task;
    std::string effect;
    bool operator==(const calling&) const = default;
  };
  void make_call(const std::string& id, const open_task& task, const ask& call, turn& t, instant now);
  void send_call(const std::string& id, const open_task& task, const ask& call, turn& t, instant now);
  void cancel_call(const std::string& id, const open_task& task, const ask& call, turn& t, instant now);
  verdict on_late_reply(const envelope& e, turn& t, instant now);
  void skip_reply(const envelope& e, turn& t, instant now);
  void release_held(const std::string& call_key, turn& t, instant now);
  void find_call_again(const std::string& id, const ask& call);

  void write_timer(const timer_change& change, turn& t);
  void answer(const envelope& asked, const outcome& what, turn& t, instant now);
  void close(task_map::iterator at, turn& t);
  void dead_letter(const envelope& e, std::string_view reason, std::string note, turn& t, instant now,
                   bool late = false);
  void event(turn& t, std::string kind, const envelope& about, const std::string& note, instant now);
  envelope from_here(message_kind kind, const agent_id& to, std::string type, std::string body,
                     const envelope& because, instant now);
  void put_outbox(const envelope& e, turn& t);
  std::unique_ptr<task_run> make_run(const std::string& id, envelope message, std::uint32_t handler_version,
                                     handler start);

  const kind_spec& kind_;
  cell_services& services_;
  agent_id self_;
  std::uint64_t birth_;
  document_map documents_;
  std::unique_ptr<task_run> plain_run_; // serves the plain handlers, one after the other
  bool plain_run_serves_told_ = false;  // its message is that of the told one being handled
  task_map tasks_;
  std::map<std::string, timer_row> timers_;
  std::map<std::string, stored_signal> signals_;               // by row key
  std::map<std::string, std::string, std::less<>> other_rows_; // call keys and skips, by row key
  std::map<std::string, calling> calls_out_;                   // by call key
  std::map<std::string, std::vector<calling>> held_calls_;     // by call key: leave once it has been answered
  const envelope* serving_ = nullptr; // the message whose turn runs now: its chain bounds new calls
  std::uint64_t next_signal_ = 1;
};

} // namespace troupe
