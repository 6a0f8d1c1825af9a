#pragma once

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace troupe {

/// Why something expected did not happen. Closed: callers switch over it.
enum class fault {
  invalid,     // the input is wrong; asking again will not help
  not_found,   // nothing by that name
  conflict,    // somebody else was first, or the same key stands for something else
  refused,     // allowed by nobody here: limits, policy, a newer schema
  overloaded,  // a queue is full; later may work
  unavailable, // not running or not reachable now; later may work
  timeout,     // no answer within the deadline
  canceled,    // somebody asked for it to end
  fenced,      // another owner holds the agent
  corrupt,     // what was read is not what was written
  full,        // the disk is full
  internal     // a defect of ours
};

std::string_view to_string(fault f) noexcept;

/// One sentence for a person, and enough to act on.
struct error {
  fault what = fault::internal;
  std::string message;
  std::string hint; // a command or a change that helps; may be empty
};

template<class T>
using result = tl::expected<T, error>;

/// `return fail(fault::invalid, "the key is empty", "give it with --key");`
inline tl::unexpected<error> fail(fault what, std::string message, std::string hint = {}) {
  return tl::unexpected<error>(error{what, std::move(message), std::move(hint)});
}

/// A broken invariant: thrown by `ensure`, never by bad input. The supervisor of whoever runs decides.
class broken_invariant;

/// Checks what must hold, in release builds too.
void ensure(bool holds, std::string_view why);

} // namespace troupe
