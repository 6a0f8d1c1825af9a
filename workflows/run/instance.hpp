#pragma once

#include "config/expression/value.hpp"
#include "runtime/base/time.hpp"
#include "workflows/plan/step.hpp"
#include "workflows/run/fields.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace troupe::workflow {

using expression::value;

/// The states of runs and steps; `none` is a step nobody has come to.
enum class run_state : std::uint8_t {
  none,
  submitted,
  working,
  input_required,
  auth_required,
  completed,
  failed,
  canceled,
  rejected,
  skipped
};
std::string_view to_string(run_state s) noexcept;
run_state run_state_of(std::string_view text) noexcept;
constexpr bool is_over(run_state s) noexcept { return s >= run_state::completed; }

/// Why a step or a run failed: one of the error kinds of the language.
struct failure {
  std::string kind;
  std::string message;
  std::string agent; // who failed, when an agent did
  bool empty() const noexcept { return kind.empty(); }
};
value to_value(const failure& f);

/// How something ends.
struct ending {
  run_state state = run_state::completed;
  value result;
  failure error;

  static ending completed(value v = {});
  static ending failed(failure f);
  static ending canceled();
};

/// One step of one run, at one path. All that a supervisor knows of its children lies here and nowhere else,
/// so that a snapshot is the tree of instances.
struct instance {
  const step* what = nullptr;
  instance* parent = nullptr;
  std::string path; // segments from the root; iterations in brackets: "each[2]/send"
  run_state state = run_state::none;

  bool stopping = false; // ends as `planned` once its children have ended
  ending planned;
  bool leaving = false; // a `return` or `break` on its way out passes through it
  bool parked = false;  // out of retries: a person says how it goes on
  bool undone = false;  // compensated
  bool held = false;    // would have started, but the run is paused

  std::uint32_t attempt = 0;
  std::uint64_t ended_number = 0; // in the run's order of endings
  instant started{};
  instant ended{};
  value result;
  failure error;

  value arguments;                // `with` as it was when the first attempt began
  std::uint32_t position = 0;     // sequence: next child; choice, catch: which; loop: rounds; undo: next path
  value local;                    // what else its verb remembers
  std::vector<std::string> waits; // names of its commands without an answer
  std::vector<std::unique_ptr<instance>> children; // in the order they began

  std::uint32_t running() const noexcept;
  instance* last_child() const noexcept { return children.empty() ? nullptr : children.back().get(); }
  bool waits_for(std::string_view name) const noexcept;
};

/// A path's parts: ".../SEGMENT", or "...[KEY]" for iterations.
std::string child_path(const instance& parent, std::string_view segment);

/// The instance at a path below `root`; null: nobody came there.
instance* find_instance(instance& root, std::string_view path);

/// Depth first, in the order of beginning.
template<class Visit>
void each_instance(instance& from, Visit&& visit) {
  visit(from);
  for (auto& child : from.children)
    each_instance(*child, visit);
}
template<class Visit>
void each_instance(const instance& from, Visit&& visit) {
  visit(from);
  for (const auto& child : from.children)
    each_instance(static_cast<const instance&>(*child), visit);
}

} // namespace troupe::workflow
