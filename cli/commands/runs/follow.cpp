#include "cli/commands/runs/follow.hpp"

#include "cli/console/values.hpp"
#include "gateway/http/target.hpp"

#include <map>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

constexpr std::chrono::milliseconds shortest_pause{20};
constexpr std::chrono::milliseconds longest_pause{500};

bool is_over(const std::string& state) {
  return state == "completed" || state == "failed" || state == "canceled" || state == "rejected";
}

std::string line_of(const json& step) {
  static const std::map<std::string, const char*> signs = {
      {"completed", "ok"}, {"failed", "failed"}, {"skipped", "skipped"}, {"canceled", "canceled"}};
  const auto state = step.value("state", "");
  const auto sign = signs.find(state);
  std::string line = "  " + step.value("path", "") + ": " + (sign == signs.end() ? state : sign->second);
  if (step.value("attempts", 0) > 1)
    line += " after " + std::to_string(step.value("attempts", 0)) + " attempts";
  if (const auto error = step.find("error"); error != step.end() && error->is_object())
    line += " (" + cell(*error, "kind") + ": " + cell(*error, "message") + ")";
  return line;
}

/// Prints each step once, when it has ended or begins to wait for a person.
class step_lines {
public:
  explicit step_lines(printer print)
      : print_(std::move(print)) {}

  void tell(const json& view) {
    for (const auto& step : view.value("steps", json::array())) {
      const auto state = step.value("state", "");
      const bool stuck = step.value("stuck", false);
      const bool worth = is_over(state) || state == "skipped" || state == "input_required" || stuck;
      auto& told = told_[step.value("path", "")];
      const auto what = state + (stuck ? " stuck" : "");
      if (!worth || told == what)
        continue;
      told = what;
      if (print_.format() == output_format::stream)
        print_.stream_line(step);
      else
        print_.note(line_of(step) + (stuck ? ", stuck" : ""));
    }
  }

private:
  printer print_;
  std::map<std::string, std::string> told_;
};

command_result ended(const invocation& run, const json& view) {
  auto print = run.print();
  const auto state = view.value("state", "");
  if (!print.is_text())
    print.document(view);
  else if (state == "completed")
    print.text(view.at("output").dump(2) + "\n");
  if (state == "completed")
    return exit_code::done;
  print.note("run " + view.value("id", "") + " " + state + ": " + view.value("reason", ""));
  return exit_code::failed;
}

command_result still_open(const invocation& run, const json& view) {
  auto print = run.print();
  if (!print.is_text())
    print.document(view);
  const auto reason = view.value("reason", "");
  print.note("run " + view.value("id", "") + " is still open" + (reason.empty() ? "" : ": " + reason));
  return exit_code::open;
}

/// Nothing will happen by itself soon: a person has to do something.
bool waits_for_a_person(const json& view) {
  if (view.value("paused", false) || view.value("state", "") == "input_required")
    return true;
  bool stuck = false;
  bool moving = false;
  for (const auto& step : view.value("steps", json::array())) {
    stuck = stuck || step.value("stuck", false);
    const bool leaf = step.value("verb", "") == "agent" || step.value("verb", "") == "wait";
    moving = moving || (leaf && step.value("state", "") == "working" && !step.value("stuck", false));
  }
  return stuck && !moving;
}

} // namespace

command_result follow_run(const invocation& run, node_client& node, const std::string& id,
                          std::optional<std::chrono::milliseconds> limit) {
  const auto begun = run.world.clock->now();
  step_lines lines(run.print());
  auto pause = shortest_pause;
  for (;;) {
    auto view = node.get("/v1/runs/" + gateway::percent_encode(id));
    if (!view)
      return tl::unexpected(view.error());
    lines.tell(*view);
    if (is_over(view->value("state", "")))
      return ended(run, *view);
    if (waits_for_a_person(*view) || (limit && run.world.clock->now() - begun >= *limit))
      return still_open(run, *view);
    if (!run.world.pause(pause))
      return still_open(run, *view);
    pause = std::min(pause * 2, longest_pause);
  }
}

} // namespace troupe::cli
