#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace troupe::journal {

/// A line in the store's index of what people look for: runs, approvals, schedules. Written by its agent's
/// own turns, so that the index never tells another story than the agent. An agent may have several.
struct listing {
  std::string item;     // within the agent; empty: the agent itself
  std::string category; // "run", "approval"
  std::string name;     // what it is one of: a workflow's name
  std::string state;
  bool open = true; // not in an end state
  instant updated{};
  std::string detail;                                          // JSON text
  std::vector<std::pair<std::string, std::string>> attributes; // what it is found by
  bool attributes_changed = false;                             // since it was last written
  bool operator==(const listing&) const = default;
};

struct stored_listing {
  agent_id id;
  std::uint64_t birth = 0;
  listing what;
};

/// Which lines; newest agents first.
struct listing_query {
  std::string tenant = "default";
  std::string category;
  std::string name;  // empty: any
  std::string state; // empty: any
  std::optional<bool> open;
  std::vector<std::pair<std::string, std::string>> attributes; // all of them hold
  std::string cursor;
  std::size_t limit = 100;
};

} // namespace troupe::journal
