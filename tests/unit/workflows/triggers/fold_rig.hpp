#pragma once

#include "runtime/agent/fold_agent.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::workflow {

/// Fold agents of several kinds with a clock that a test holds in its hand, and a process that dies where it
/// says: before a record is written (its input comes again) or after (only the journal is left). What lies in
/// outboxes and timers is durable, as on a node.
class fold_rig {
public:
  using maker = std::function<std::unique_ptr<fold_agent>(const agent_id&)>;
  enum class death { none, before_commit, after_commit };

  std::map<std::string, maker> kinds;
  instant now = from_ms(1'767'225'600'000); // 2026-01-01
  /// Asked at each record.
  std::function<death(const std::string& agent, std::uint64_t record)> dies = [](auto&, auto) {
    return death::none;
  };

  void send(const std::string& agent, const std::string& type, const std::string& body = "{}");
  /// Sends a call and returns what it heard.
  outcome ask(const std::string& agent, const std::string& type, const std::string& body = "{}");
  void signal(const std::string& agent, const std::string& name, const std::string& body = "{}");

  /// Everything that can happen now.
  void settle();
  /// Goes on to `until`, timer by timer.
  void go_to(instant until);
  void pass(milliseconds span) { go_to(now + span); }
  /// The process is gone while time passes, or its clock is set: nothing is noticed before somebody looks.
  void restart_at(instant then);

  bool knows(const std::string& agent) const { return actors_.contains(agent); }
  fold_agent& agent(const std::string& id) { return *actors_.at(id).agent; }
  std::vector<std::string> of_kind(const std::string& kind) const;
  std::uint64_t count(const std::string& agent, const std::string& event) const;
  const std::vector<std::pair<std::string, std::string>>& events(const std::string& agent) const {
    return actors_.at(agent).events;
  }
  std::uint64_t deaths() const noexcept { return deaths_; }
  std::uint64_t records(const std::string& agent) const { return actors_.at(agent).journal.size(); }

private:
  struct actor {
    agent_id id;
    std::unique_ptr<fold_agent> agent;
    std::vector<fold_record> journal;
    std::map<std::string, std::string> pins;
    std::map<std::string, fold_command> outstanding;
    std::vector<std::pair<std::string, std::string>> events;
  };
  struct input {
    std::string to;
    fold_record what;
    bool computed = false; // not durable: asked for again
  };

  actor& actor_of(const std::string& agent);
  std::unique_ptr<fold_agent> reborn(const actor& of) const;
  void compute_again(actor& of);
  void deliver(input in);
  void carry_out(actor& of, const fold_command& c);
  void answer(const std::string& to, const std::string& command, outcome what);
  bool fire_next(instant until);
  envelope message(const agent_id& from, const std::string& to, message_kind kind, const std::string& type,
                   const std::string& body);

  std::map<std::string, actor> actors_;
  std::deque<input> inputs_;
  std::optional<outcome> heard_;
  std::uint64_t messages_ = 0;
  std::uint64_t deaths_ = 0;
};

} // namespace troupe::workflow
