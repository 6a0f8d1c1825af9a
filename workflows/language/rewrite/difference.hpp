#pragma once

#include "workflows/language/read/file_reader.hpp"

#include <string>
#include <vector>

namespace troupe::workflow {

struct difference {
  enum class kind : std::uint8_t { added, removed, changed };
  kind is = kind::changed;
  std::string path;              // of the step; empty: the file itself
  std::string verb;              // of the step
  std::vector<std::string> keys; // that changed
};

/// What tells two versions of a workflow apart, step by step; white space, comments and the order of keys do
/// not.
std::vector<difference> compare(const draft& before, const draft& after);

/// `+ route/when1/send (agent)`, one a line.
std::string render_text(const std::vector<difference>& all);
std::string render_json(const std::vector<difference>& all);

/// The segments from the root to the step, separated by '/'.
std::string path_of(const step& s);

} // namespace troupe::workflow
