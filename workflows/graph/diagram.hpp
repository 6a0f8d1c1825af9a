#pragma once

#include "workflows/plan/plan.hpp"

#include <optional>
#include <string>
#include <vector>

namespace troupe::workflow {

/// What a box is drawn as.
enum class box_form : std::uint8_t {
  card,     // one step
  sequence, // one below the other, without a frame
  columns,  // a frame with children side by side: parallel, choice, race, try
  frame,    // a frame around one child: map, loop, steps with an id
  terminal, // start and end
};

/// How a step did in a run, all of its iterations together.
struct box_run {
  std::string state; // of the house's vocabulary; "stuck" for one that waits for a person to help
  std::uint32_t times = 0;
  std::uint32_t attempts = 0;
  std::string duration; // shown; empty: not known
  std::string cost;     // shown; empty: nothing
};

/// A step, or a group of them, as it is drawn: texts first, then what it holds; places are filled by lay_out.
struct box {
  box_form form = box_form::card;
  std::string path; // static: without iterations
  std::string verb;
  std::string title;
  std::vector<std::string> lines; // below the title, small
  std::string condition;          // of `if`
  std::vector<box> children;
  std::vector<std::string> labels; // of columns: branch names, conditions
  bool code_labels = false;        // they are expressions
  bool leaves = false;             // nothing follows it: return, break, fail
  bool merges = true;              // columns: the flow goes on below
  std::optional<box_run> run;

  double x = 0, y = 0, width = 0, height = 0;
};

/// The whole workflow: start, its steps, end.
box diagram_of(const plan& from);

/// A card's lines of one step: what it does, in a few words.
std::vector<std::string> summary_of(const step& of);

/// "approval" as "ask a person", for titles of steps without id.
std::string title_of(const step& of);

} // namespace troupe::workflow
