#pragma once

#include "config/result.hpp"
#include "runtime/agent/mailbox.hpp"
#include "runtime/task/task_run.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>

namespace troupe {

/// A task between its first and its last turn.
struct open_task {
  std::unique_ptr<task_run> run;
  stream_position begun_by;
  instant begun{};
  std::uint64_t records = 0;         // turns in the journal
  bool stored = false;               // its row is in the journal
  bool started = true;               // false: the next turn is its first (continue_with)
  std::vector<turn_record> unstored; // turns so far of a task that is in no journal yet
  std::size_t unstored_bytes = 0;    // of the answers in them
  std::set<std::string> bases;       // documents whose value before the task is kept
};

/// Row of class `task`.
struct task_row {
  envelope message;
  std::uint32_t handler_version = 1;
  instant begun{};
  stream_position begun_by;
};
std::string encode(const task_row& row);
result<task_row> decode_task(std::string_view bytes);

/// Row of class `call_key`: what a keyed call was answered.
struct answered_call {
  std::uint64_t arguments = 0;
  outcome answer;
};
std::string encode(const answered_call& row);
result<answered_call> decode_answered_call(std::string_view bytes);

/// Row of class `timer`: the mail it will send.
struct timer_row {
  instant due{};
  std::string type;
  std::string body;
};
std::string encode(const timer_row& row);
result<timer_row> decode_timer(std::string_view bytes);

/// Row of class `base`: a document as it was when the task began.
std::string encode_base(const std::optional<std::string>& before);
std::optional<std::string> decode_base(std::string_view bytes);

} // namespace troupe
