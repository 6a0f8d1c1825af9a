#pragma once

#include "workflows/run/engine.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::workflow {

/// What a person says about an open approval.
struct approval_vote {
  std::string approval; // its id
  std::string by;
  std::vector<std::string> roles; // "*": all, where nobody keeps roles (one's own machine)
  bool approved = false;
  std::string note;
  std::optional<value> edited;
  std::optional<std::int64_t> revision; // of the approval that was looked at; absent: whatever it is now
  std::string link;                     // what a signed link is known by; empty: it did not come through one
};

/// RUN.HASH-OF-PATH: stable, short, and fit for a URL.
std::string approval_id(const run_record& run, const instance& step);

/// The open approval of that id; null: it is decided, or never was.
instance* find_approval(run_record& run, const std::string& id);

/// refused: not this person; conflict: decided already, or this person has voted.
result<void> vote(const approval_vote& what, engine& run);

/// What differs, as [{path, from, to}].
value difference(const value& from, const value& to);

} // namespace troupe::workflow
