#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace troupe {

struct fault_point_entry {
  std::string_view name;
  std::string_view after; // what has just happened there, or is about to
};

/// Every fault point of the house, in the order a message passes them. A tidy check compares the list with
/// the code and with docs/fault-points.md.
inline constexpr std::array fault_points{
    fault_point_entry{"crash.before_count",
                      "a fatal signal ended the last process; its crash is not counted"},
    fault_point_entry{"crash.after_count", "the crash of the last process is counted; nothing runs yet"},
    fault_point_entry{"ingress.before_commit", "a request from outside has its id; nothing is written"},
    fault_point_entry{"ingress.after_commit", "the request is durable; its caller has not been told"},
    fault_point_entry{"agent.before_claim", "somebody has mail for an agent that does not run"},
    fault_point_entry{"agent.after_claim", "the agent's epoch has grown; its host does not run yet"},
    fault_point_entry{"turn.before_replay", "an open task is about to run one of its recorded turns again"},
    fault_point_entry{"turn.after_replay", "a recorded turn has been run again"},
    fault_point_entry{"turn.before_handler", "a message is about to begin its handler"},
    fault_point_entry{"turn.after_handler", "a handler's first turn has run; nothing of it is written"},
    fault_point_entry{"turn.before_resume", "an answer is about to resume a task"},
    fault_point_entry{"turn.after_resume", "a task has run on; nothing of it is written"},
    fault_point_entry{"fold.before_apply", "a record is about to be folded"},
    fault_point_entry{"fold.after_decide",
                      "a record is folded and its commands are known; nothing is written"},
    fault_point_entry{"turn.before_commit", "a turn is handed to the journal"},
    fault_point_entry{"journal.before_commit", "a group of turns stands in an open transaction"},
    fault_point_entry{"journal.after_commit", "the group is synced; the side file lags behind"},
    fault_point_entry{"journal.after_side_file", "the side file is written; nobody has been told"},
    fault_point_entry{"journal.before_ack", "the turns of a group are about to be acknowledged"},
    fault_point_entry{"turn.after_commit", "a turn is durable; its receivers have not been told"},
    fault_point_entry{"journal.after_ack", "the turns of a group are acknowledged"},
    fault_point_entry{"gate.before_release", "a turn is durable; what it does outside is still held back"},
    fault_point_entry{"gate.after_release", "what a turn does outside has been let go"},
    fault_point_entry{"effect.before_execute", "an outside effect is about to be carried out"},
    fault_point_entry{"effect.after_execute", "an outside effect has happened; its result is in memory only"},
    fault_point_entry{"effect.after_record", "the result is durable; its task has not been told"},
    fault_point_entry{"effect.before_adopt", "an effect of a dead process is about to be taken over"},
    fault_point_entry{"effect.after_adopt", "the effect is this node's; it is not asked for again yet"},
    fault_point_entry{"agent.before_purge", "an agent past its retention is about to be removed"},
    fault_point_entry{"agent.after_purge", "the agent is gone; its address is free"},
    fault_point_entry{"journal.before_checkpoint", "the log is about to move into the main file"},
    fault_point_entry{"journal.after_checkpoint", "the log has moved, or what could be moved of it"},
};

constexpr bool is_fault_point(std::string_view name) noexcept {
  return std::ranges::find(fault_points, name, &fault_point_entry::name) != fault_points.end();
}

} // namespace troupe
