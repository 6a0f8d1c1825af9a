#pragma once

#include "config/diagnostic/source.hpp"
#include "config/result.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

/// A folder and the files of tests in it.
struct test_folder {
  std::string folder; // as files are named from the working folder
  std::vector<std::string> files;
};

/// It has a key `test` at its top: whoever deploys a folder leaves it alone.
bool looks_like_tests(const config::source& file);

/// `named` are files of tests, or folders that are looked through with all that is in them, but for hidden
/// ones. not_found: there is no such file, or no test in any of them.
result<std::vector<test_folder>> find_tests(const std::vector<std::string>& named,
                                            const std::string& working_folder);

} // namespace troupe::workflow
