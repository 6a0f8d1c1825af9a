#include "cli/commands/command.hpp"
#include "cli/commands/workflow/verbs.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace troupe::cli {

namespace {

struct nothing {};

command_result reload(const invocation& run, const nothing&) {
  auto node = run.node();
  if (!node)
    return tl::unexpected(node.error());
  auto changed = node->post("/v1/workflows/reload", json::object());
  if (!changed && changed.error().what == fault::invalid) { // a file is wrong: a check that was not met
    run.print().failure(changed.error());
    return exit_code::unmet;
  }
  if (!changed)
    return tl::unexpected(changed.error());
  auto print = run.print();
  if (!print.is_text()) {
    print.document(*changed);
    return exit_code::done;
  }
  std::size_t count = 0;
  for (const auto* what : {"added", "changed", "removed"})
    for (const auto& name : changed->value(what, json::array())) {
      print.text(std::string(what) + "  " + name.get<std::string>() + "\n");
      ++count;
    }
  if (count == 0)
    print.note("nothing has changed");
  return exit_code::done;
}

} // namespace

void add_workflow_reload(CLI::App& group, invocation& run) {
  add_command<nothing>(
      group, run, "reload", "Let the node read its files again: all of them, or none when one is wrong",
      [](CLI::App&, nothing&) {}, reload);
}

} // namespace troupe::cli
