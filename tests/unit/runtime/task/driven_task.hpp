#pragma once

#include "runtime/task/task_run.hpp"

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace troupe::test {

/// When the first turn of a driven task happens; each further turn is a second later.
inline const instant first_turn = from_ms(1'700'000'000'000);

/// An agent that admits everything but what it was told to refuse.
class scripted_port : public turn_port {
public:
  std::string refuses(const agent_id& to) override { return refused[to.text()]; }
  std::string refuses_call(const agent_id& to, instant) override { return refused_calls[to.text()]; }

  std::string refuses_query(const agent_id& to) override { return refused_calls[to.text()]; }
  std::string refuses_timer(const std::string& name) override { return refused_timers[name]; }

  std::map<std::string, std::string> refused_timers;
  std::map<std::string, std::string> refused; // address → error kind
  std::map<std::string, std::string> refused_calls;
};

/// A task without an agent around it: answers are handed in, every turn goes through the codec into a
/// journal.
class driven_task {
public:
  enum class kind { exclusive, interleaved };

  explicit driven_task(handler run, json input = nullptr, kind how = kind::exclusive);
  /// The same task after a crash, run again by `run` from the journal of `lived`, its first `turns` only.
  driven_task(const driven_task& lived, handler run, std::size_t turns = SIZE_MAX);
  driven_task(const driven_task&) = delete;

  const turn_result& start();
  const turn_result& answer(const std::string& effect, const json& value = nullptr);
  const turn_result& fail_with(const std::string& effect, const std::string& kind);
  const turn_result& settle(const std::string& effect, outcome answer);
  const turn_result& cancel();

  std::vector<std::string> outstanding() const; // effect ids, oldest ask first
  json document(std::string_view key) const;
  turn_result::state ended() const { return last.ended; }
  json reply() const { return json::parse(last.reply.body); }

  scripted_port port;
  document_map documents;
  std::unique_ptr<task_run> run;
  turn_result last;
  std::vector<std::string> journal; // encoded turns

private:
  void make(handler h);
  const turn_result& keep(turn_result came);
  instant next_time() const;

  json input_;
  kind how_;
  std::map<std::string, std::string, std::less<>> base_; // documents before the task
};

} // namespace troupe::test

namespace troupe {
/// For Boost.Test's messages.
std::ostream& operator<<(std::ostream& out, turn_result::state ended);
} // namespace troupe
