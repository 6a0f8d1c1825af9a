#pragma once

#include "config/diagnostic/source.hpp"
#include "config/result.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

struct found_files {
  std::vector<config::source> files; // those named first, then agents that were found beside them
  bool agents_known = false;         // there was a folder of agents: one that is not in it does not exist
  bool whole_folder = false;         // a folder was named: a workflow that is not in it does not exist
};

/// Reads workflow and agent files: `named` are files, or folders of which every .yaml, .yml and .json file
/// counts; `agent_folders` are looked through besides the `agents/` beside each of them. Names in findings
/// are as given.
result<found_files> find_files(const std::vector<std::string>& named,
                               const std::vector<std::string>& agent_folders,
                               const std::string& working_folder);

} // namespace troupe::workflow
