#pragma once

#include "runtime/address/agent_id.hpp"
#include "runtime/base/time.hpp"
#include "runtime/effects/outcome.hpp"

#include <string>
#include <utility>
#include <vector>

namespace troupe {

/// What one turn tells one other agent: ephemeral messages, at most once, in no stream and no journal. What
/// they share is kept once.
struct told {
  struct item {
    std::string type;
    std::string body; // JSON text
  };

  agent_id from;
  agent_id to;
  instant sent{};
  std::string trace;
  std::string principal;
  std::vector<item> items;

  // A query is one item that somebody waits for.
  std::string query; // the asker's task and effect; empty: nobody waits
  instant deadline = never;
  std::vector<agent_id> chain; // who waits for the answer, outermost first
};

/// The answer to a query: as ephemeral as the query.
struct told_answer {
  agent_id to;
  std::string query;
  outcome what;
};

/// A query is named by the task that waits for it and its effect there; a task's id has no slash.
inline std::string query_name(const std::string& task, const std::string& effect) {
  return task + '/' + effect;
}
inline std::pair<std::string, std::string> task_and_effect(const std::string& query) {
  auto slash = query.find('/');
  return {query.substr(0, slash), slash == query.npos ? "" : query.substr(slash + 1)};
}

} // namespace troupe
