#pragma once

#include "workflows/plan/step.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

namespace troupe::workflow {

enum class on_conflict : std::uint8_t { join, queue, reject, cancel_running };
enum class upgrade_rule : std::uint8_t { pin, auto_if_safe, manual };
enum class overlap_rule : std::uint8_t { skip, allow, queue, cancel_running };

struct concurrency_rule {
  formula key; // absent: any number at once
  on_conflict then = on_conflict::queue;
};

struct message_trigger {
  std::string agent;
  std::string type;
  formula dedupe;
  formula correlate;
  formula input;
};

struct schedule_trigger {
  std::string name; // else its number in the file, from 1
  std::string cron; // or `every`
  milliseconds every{0};
  std::string timezone = "UTC";
  overlap_rule overlap = overlap_rule::skip;
  std::optional<milliseconds> catchup;
  milliseconds jitter{0};
  formula input;
};

/// A workflow, or an agent's action made of steps, ready to run. Immutable and shared by its runs.
struct plan {
  std::string name;
  std::int64_t version = 0; // for people
  std::string hash;         // of `text`: what runs are pinned to
  std::string text;         // the definition as one line of JSON
  std::string description;
  std::map<std::string, std::string> labels;
  std::shared_ptr<const schema> input;
  formula output; // absent: the last step's result
  std::vector<std::pair<std::string, formula>> vars;
  std::vector<std::pair<std::string, formula>> search;
  milliseconds deadline{0}; // zero: none
  budget limit;
  concurrency_rule concurrency;
  upgrade_rule upgrade = upgrade_rule::pin;
  std::vector<message_trigger> messages;
  std::vector<schedule_trigger> schedules;
  const step* body = nullptr; // a sequence with an empty segment

  std::vector<std::unique_ptr<step>> arena; // every step of the plan
  std::map<std::string, const step*, std::less<>> by_id;

  const step* find(std::string_view id) const {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
  }
  const schedule_trigger* find_schedule(std::string_view called) const {
    const auto found = std::find_if(schedules.begin(), schedules.end(),
                                    [&](const schedule_trigger& s) { return s.name == called; });
    return found == schedules.end() ? nullptr : &*found;
  }
};

/// One rule of a decision table.
struct decision_rule {
  formula when;
  double add = 0; // `sum`
  formula choose; // `first`
  formula reason;
};

struct decision_table {
  bool first = false; // the first rule that holds decides; else all that hold are added up
  std::vector<decision_rule> rules;
};

struct predict_program {
  std::string instructions;
  std::string input_schema; // JSON Schema
  std::string output_schema;
  std::string model = "default";
  std::string adapter;
};

/// What an action does: exactly one of the three.
struct action {
  std::string name;
  std::shared_ptr<const schema> input;
  std::shared_ptr<const schema> output;
  std::shared_ptr<const plan> run; // steps
  std::optional<decision_table> decision;
  std::optional<predict_program> predict;
  bool requires_approval = false;
};

/// A kind without C++.
struct agent_plan {
  std::string name;
  std::int64_t version = 1;
  std::string hash;
  std::string text;
  std::map<std::string, action, std::less<>> actions;
  std::uint32_t state_schema = 1;
  std::size_t state_bytes_max = 65'536;
  std::uint32_t mailbox_max = 1'000;
  restart_rule restart = restart_rule::permanent;
  std::uint32_t max_restarts = 5;
  milliseconds within{60'000};
  std::vector<std::string> memory;

  const action* find(std::string_view called) const {
    const auto found = actions.find(called);
    return found == actions.end() ? nullptr : &found->second;
  }
};

} // namespace troupe::workflow
