#pragma once

#include "runtime/agent/fold_agent.hpp"
#include "workflows/run/run_agent.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace troupe::workflow {

/// What a run, or an agent made of a file, asks of somebody.
struct asked {
  std::string run; // empty: an agent of a file asks
  std::string path;
  std::string step;  // its id, or its segment where it has none
  std::string agent; // kind; of built-ins, too
  std::string key;   // of the agent
  std::string action;
  std::string body; // JSON text
  std::string idempotency_key;
  std::uint32_t attempt = 0;
  bool once = false;
  bool here =
      false; // another run, an agent of a file, or a built-in that only computes: it answers for itself
  instant at{};
};

struct mocked {
  outcome what;
  milliseconds after{0};
};

/// The rest of the world for runs in virtual time: it hands them their mail, their timers when nothing else
/// is left to do, and answers from a script; it can crash whoever lives in it after any record. Runs and
/// agents of files are the same classes as on a node.
class world {
public:
  struct options {
    instant begin = from_ms(1'767'225'600'000); // 2026-01-01, so that times read well
    bool crash_after_every_record = false;
    std::uint64_t crash_one_in =
        0; // or at random: one record in so many; after the others it is compared, too
    std::uint64_t crash_seed = 0;
    std::uint64_t snapshot_every = 3; // with crashes: how old the snapshot is that a run comes back from
    instant until = never;            // what would happen later does not
    std::size_t records_max = 100'000;
  };

  world(const catalog& known, options how);

  /// Asked first, about everything; nothing: whoever it is for answers.
  std::function<std::optional<mocked>(const asked&)> mock;
  /// Answers what is asked of those who are not here; nothing: it never will be.
  std::function<std::optional<outcome>(const asked&)> answer;
  /// After each record of a run.
  std::function<void(const run_record&)> watch;

  /// Returns the run's id.
  std::string start(const std::string& workflow, const std::string& input, const std::string& by = "test",
                    const std::string& event = "null");
  using listener = std::function<void(const outcome&)>;
  void send(const std::string& run, const std::string& type, const std::string& body,
            const std::string& principal = "test", listener heard = {});
  void signal(const std::string& run, const std::string& name, const std::string& body,
              const std::string& correlation = {});
  /// Something that happens at a time of its own.
  void at(instant when, std::function<void()> what);

  /// Does the next thing; false: nothing is left, or only waiting without end.
  bool step();
  void run() {
    while (step()) {
    }
  }

  instant now() const noexcept { return now_; }
  const run_record& record(const std::string& run) const { return actors_.at(address_of(run)).run->run(); }
  /// What was asked, in order; `here` or not.
  const std::vector<asked>& calls() const noexcept { return calls_; }
  /// Lines of the run's history: type and JSON text.
  const std::vector<std::pair<std::string, std::string>>& events(const std::string& run) const {
    return actors_.at(address_of(run)).events;
  }
  std::vector<std::string> runs() const;
  /// All records of all who live here.
  std::uint64_t records() const noexcept { return records_; }
  /// There was more to do than `records_max` allows.
  bool cut_off() const noexcept { return done_ > options_.records_max; }
  /// What the last `send` that was a call heard.
  const std::optional<outcome>& heard() const noexcept { return heard_; }
  std::uint64_t crashes() const noexcept { return crashes_; }

private:
  struct actor {
    agent_id id;
    std::unique_ptr<fold_agent> agent;
    const run_agent* run = nullptr; // the same, if it is a run
    std::map<std::string, std::string> pins;
    std::vector<fold_record> since_snapshot;
    std::string snapshot;
    std::uint64_t records = 0;
    std::map<std::string, fold_command> waiting;
    std::deque<fold_record> mail; // while it takes none
    std::vector<std::pair<std::string, std::string>> events;
  };
  struct due {
    instant when;
    std::uint64_t order;
    std::function<void()> what;
  };

  static std::string address_of(const std::string& run) { return "workflow/" + run; }
  bool lives_here(const agent_id& id) const;
  actor& actor_of(const agent_id& id);
  std::unique_ptr<fold_agent> newborn(const agent_id& id) const;
  void become(actor& a, std::unique_ptr<fold_agent> born);
  void deliver(actor& to, fold_record record);
  void take(actor& a, fold_record record);
  void carry_out(actor& a, const fold_command& command);
  void begin_timer(actor& a, const fold_command& command);
  void begin_computing(actor& a, const std::string& command);
  void ask(actor& a, const fold_command& command);
  void give_turn(actor& a, const fold_command& c);
  void ask_here(actor& a, const fold_command& command);
  asked question(const actor& a, const fold_command& command) const;
  const workflow::step* step_at(const actor& a, const std::string& path) const;
  bool answer_by_script(actor& a, const fold_command& command);
  void reply(const fold_command& command);
  void withdraw(actor& a, const fold_command& command);
  void settle(actor& a, const std::string& command, outcome answer);
  void crash_if_due(actor& a);
  std::unique_ptr<fold_agent> reborn(const actor& of) const;
  void crash(actor& of, std::unique_ptr<fold_agent> second);
  void later(instant when, std::function<void()> what);
  envelope message(const agent_id& to, const std::string& type, std::string body);

  const catalog& catalog_;
  options options_;
  instant now_;
  std::map<std::string, actor> actors_; // by address
  std::map<std::string, std::string>
      callers_;                               // who waits for a reply: their command, by who, key and attempt
  std::map<std::string, listener> listeners_; // by call key
  std::deque<std::function<void()>> ready_;
  std::vector<due> later_;
  std::vector<asked> calls_;
  std::optional<outcome> heard_;
  std::uint64_t ids_ = 0;
  std::uint64_t order_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t records_ = 0;
  std::size_t done_ = 0;
};

} // namespace troupe::workflow
