#pragma once

#include "workflows/language/read/file_reader.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace troupe::workflow {

/// What a test of a workflow can speak of: its own steps, those of the workflows it starts, and what agents
/// made of files ask in its name.
struct tested_names {
  std::map<std::string, const step*, std::less<>> steps; // by id; those without one by segment
  std::set<std::string, std::less<>> actions;            // agent.action
  std::set<std::string, std::less<>> signals;
  bool open = false; // names are computed: there may be others
};

tested_names names_of(const plan& workflow, const std::vector<file_draft*>& files);

} // namespace troupe::workflow
