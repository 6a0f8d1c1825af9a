#pragma once

#include "runtime/base/time.hpp"
#include "runtime/effects/executor.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace troupe {

/// A program to run: no shell, nothing of our own environment, descriptors or signal handlers.
struct program {
  std::string path;                     // absolute
  std::vector<std::string> arguments;   // without the program's own name
  std::vector<std::string> environment; // "NAME=value"
  std::string folder;                   // where it runs; empty: where we do
  std::string input;                    // its standard input
};

struct child_limits {
  milliseconds time{30'000};
  std::size_t output_bytes = 0; // of standard output and of standard error, each
  std::size_t memory_bytes = 0; // on top of what it starts with; 0: no limit
};

struct child_end {
  enum class how : unsigned char {
    exited,
    killed,    // by a signal that was not ours: a crash, or out of memory
    late,      // over its time
    too_large, // over its output
    canceled,
    not_started
  };
  how ended = how::not_started;
  int code = 0; // exited: its exit code; killed: the signal
  std::string output;
  std::string errors;
  std::string problem; // not_started: why
};

/// Runs a program to its end on the calling thread. Whatever it started ends with it.
child_end run_program(const program& what, const child_limits& most, const cancel_token& canceled);

/// Runs `work` in a forked copy of this process and gives back the text it returns as `output`: for code that
/// may loop, eat memory or crash. Other threads are not in the copy, so `work` must take no lock that they
/// may hold.
child_end run_apart(const std::function<std::string()>& work, const child_limits& most,
                    const cancel_token& canceled);

} // namespace troupe
