#pragma once

#include "config/result.hpp"

namespace troupe::cli {

/// What the shell is told. Scripts switch over these.
enum class exit_code : int {
  done = 0,
  failed = 1,      // the work failed, was canceled or rejected
  usage = 2,       // the command line is wrong
  unreachable = 3, // cannot reach or start
  not_found = 4,
  conflict = 5, // conflict or refused
  unmet = 6,    // a check was not met
  open = 7,     // still open: time-out
  fenced = 70   // a node that was fenced
};

constexpr exit_code exit_of(fault what) noexcept {
  switch (what) {
  case fault::invalid:
    return exit_code::usage;
  case fault::not_found:
    return exit_code::not_found;
  case fault::conflict:
  case fault::refused:
  case fault::overloaded:
    return exit_code::conflict;
  case fault::unavailable:
    return exit_code::unreachable;
  case fault::timeout:
    return exit_code::open;
  case fault::fenced:
    return exit_code::fenced;
  case fault::canceled:
  case fault::corrupt:
  case fault::full:
  case fault::internal:
    return exit_code::failed;
  }
  return exit_code::failed;
}

/// How a command ended; an error is printed and decides the code.
using command_result = result<exit_code>;

} // namespace troupe::cli
