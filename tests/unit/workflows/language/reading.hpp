#pragma once

#include "workflows/language/language.hpp"

#include <fstream>
#include <iterator>
#include <string>

namespace troupe::workflow {

inline std::string data_folder() { return std::string(TROUPE_SOURCE_DIR) + "/tests/data/workflows/"; }

inline std::string file_text(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A plan whose file is right; else the test sees the findings.
struct parsed {
  explicit parsed(std::string text) {
    plan = parse_workflow(config::source("flow.yaml", std::move(text)), found);
    findings = found.empty() ? "" : config::render_text(found, 1);
  }
  config::diagnostics found;
  std::string findings;
  std::shared_ptr<const workflow::plan> plan;
};

/// The path of a step: the segments of those that hold it.
inline std::string path_of(const step* s) {
  if (s == nullptr)
    return "";
  const std::string above = path_of(s->parent);
  return above.empty() ? s->segment : above + "/" + s->segment;
}

} // namespace troupe::workflow
