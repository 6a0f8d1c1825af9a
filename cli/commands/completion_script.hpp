#pragma once

#include <string>
#include <vector>

namespace troupe::cli {

struct completed_command {
  std::string path; // "troupe dead-letter"
  std::string about;
  std::vector<std::string> words; // subcommands and --options that may follow
};

/// For bash, zsh or fish.
std::string completion_script(const std::string& shell, const std::vector<completed_command>& commands);

} // namespace troupe::cli
